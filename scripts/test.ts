/**
 * Runs the tests: every `test/**\/*.test.ts` in a process of its own, as many at a time as there are processors.
 *
 *     npm test                     all of them
 *     npm test -- router cli       only files whose path contains one of the words
 *     npm test -- --update-golden  with any of these: write what differs under test/golden/ instead of comparing
 *
 * Prints the output of files that fail, and last a line with the real counts. Exits 1 when a test failed, a file crashed,
 * hung or ran no test at all.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";
import { parseArgs, stripVTControlCharacters } from "node:util";

/** A file that takes longer hangs. */
const FILE_TIMEOUT_MS = 150_000;

/** Files that compile guests take longest; begun first, they do not hold up the end. */
const SLOW = /^test\/(?:build|cli|e2e|guest|host)\/|host-e2e/;

interface Outcome {
	readonly file: string;
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	readonly seconds: number;
	readonly output: string;
	/** Why the file counts as failed although no single test did. */
	readonly fault?: string;
}

function findTests(words: readonly string[]): string[] {
	return readdirSync("test", { recursive: true, encoding: "utf8" })
		.map((path) => `test/${path.replaceAll("\\", "/")}`)
		.filter((path) => path.endsWith(".test.ts"))
		.filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
		.sort((a, b) => Number(SLOW.test(b)) - Number(SLOW.test(a)) || (a < b ? -1 : 1));
}

function runFile(file: string): Promise<Outcome> {
	const started = performance.now();
	return new Promise((resolve) => {
		const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], { stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => {
				output += text;
			});
		}
		let hung = false;
		const timer = setTimeout(() => {
			hung = true;
			child.kill("SIGKILL");
			// A process the file started may hold them open for ever.
			child.stdout.destroy();
			child.stderr.destroy();
		}, FILE_TIMEOUT_MS);
		child.on("close", (code, signal) => {
			clearTimeout(timer);
			resolve(judge(file, output, (performance.now() - started) / 1000, hung ? "hung" : code === 0 ? undefined : `exit ${signal ?? code}`));
		});
	});
}

function judge(file: string, output: string, seconds: number, end: string | undefined): Outcome {
	const plain = stripVTControlCharacters(output);
	const count = (label: string): number | undefined => {
		const found = new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, "m").exec(plain);
		return found?.[1] === undefined ? undefined : Number(found[1]);
	};
	const total = count("Total");
	const passed = count("Passed") ?? 0;
	const skipped = count("Skipped") ?? 0;
	const failed = Math.max(0, (total ?? 0) - passed);
	const fault = total === undefined ? (end ?? "printed no result") : total === 0 ? "ran no test" : failed === 0 ? end : undefined;
	return {
		file,
		passed,
		failed: fault === undefined ? failed : failed + 1,
		skipped,
		seconds,
		output,
		...(fault === undefined ? {} : { fault }),
	};
}

function report(outcome: Outcome): void {
	const { file, passed, failed, skipped, seconds, fault, output } = outcome;
	const counts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
	console.log(
		`${failed > 0 ? "✗" : "✓"} ${file}  ${counts.join(", ")}  ${seconds.toFixed(1)} s${fault === undefined ? "" : `  (${fault})`}`,
	);
	if (failed > 0) console.log(output.replace(/^/gm, "    "));
	else for (const line of output.split("\n").filter((text) => text.startsWith("SKIP"))) console.log(`    ${line}`);
}

const { values: flags, positionals: words } = parseArgs({ options: { "update-golden": { type: "boolean" } }, allowPositionals: true });
if (flags["update-golden"]) process.env.SPEAR_UPDATE_GOLDEN = "1";
const files = findTests(words);
if (files.length === 0) {
	console.error("no test file matches");
	process.exit(1);
}
const queue = [...files];
const outcomes: Outcome[] = [];
await Promise.all(
	Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
		for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
			const outcome = await runFile(file);
			report(outcome);
			outcomes.push(outcome);
		}
	}),
);
const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
const [passed, failed, skipped] = [sum((o) => o.passed), sum((o) => o.failed), sum((o) => o.skipped)];
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
