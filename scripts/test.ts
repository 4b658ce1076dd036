/**
 * Runs the tests: every `test/**\/*.test.ts`, in as many concurrent processes as there are processors.
 *
 *     npm test                     all of them, but for a few slow ones and the full length of some checks
 *     npm test -- --full           all of them, in full
 *     npm test -- router cli       only files whose path contains one of the words, in full
 *     npm test -- --update-golden  with any of these: write what differs under test/golden/ instead of comparing
 *
 * Prints a line for each file, the output of files that fail, the slowest files, the failures again in short, and last a line with the real
 * counts. Exits 1 when a test failed, or a file crashed, hung or ran no test at all.
 */
import "./require-node.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { defaultModelDirectory } from "../src/model-store/default-directory.ts";
import { prepareCache } from "./testing/cache.ts";
import { type Outcome, report, summarize } from "./testing/outcome.ts";
import { findTests, isSlow, planBatches } from "./testing/plan.ts";
import { runBatch } from "./testing/run-batch.ts";

const { values: flags, positionals: words } = parseArgs({
	options: { "update-golden": { type: "boolean" }, full: { type: "boolean", default: false } },
	allowPositionals: true,
});
if (flags["update-golden"]) process.env.SPEAR_UPDATE_GOLDEN = "1";
const isFull = flags.full || words.length > 0;
if (isFull) process.env.SPEAR_TEST_FULL = "1";
const found = findTests(words);
const files = isFull ? found : found.filter((file) => !isSlow(file));
if (files.length === 0) {
	console.error("no test file matches");
	process.exit(1);
}
// Coverage counts code from the cache less precisely.
if (process.env.NODE_V8_COVERAGE === undefined) process.env.NODE_COMPILE_CACHE ??= prepareCache();
// Tests of real models read SPEAR_TEST_MODELS. All others find neither the models of this user nor the engines.
process.env.SPEAR_TEST_MODELS ??= defaultModelDirectory();
delete process.env.SPEAR_MODELS;
delete process.env.SPEAR_ENGINES;
// Builds of guests fill the user's cache of prepared components; tests leave that of this user alone.
const userCache = mkdtempSync(join(tmpdir(), "spear-tests-"));
process.on("exit", () => rmSync(userCache, { recursive: true, force: true }));
process.env.XDG_CACHE_HOME = userCache;

const queue = planBatches(files);
const outcomes: Outcome[] = [];
const onEnd = (outcome: Outcome): void => {
	report(outcome);
	outcomes.push(outcome);
};
// One process more than processors: some tests wait for servers and child processes.
await Promise.all(
	Array.from({ length: availableParallelism() + 1 }, async () => {
		for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
			const left = await runBatch(batch, { onEnd });
			if (left.length > 0) queue.unshift(left);
		}
	}),
);
if (files.length < found.length) console.log(`\nSKIP ${found.length - files.length} slow files; \`npm test -- --full\` runs them`);
process.exitCode = summarize(outcomes) ? 0 : 1;
