import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Outcome } from "../../../scripts/testing/outcome.ts";
import { runBatch } from "../../../scripts/testing/run-batch.ts";
import { scratch } from "../../helpers/guest.ts";

const UVU = JSON.stringify(import.meta.resolve("uvu"));
const PASSES = 'test("one", () => {}); test.run();';
let folders = 0;

/** Writes test files and runs them in one process. Resolves to each outcome in short, and to the names of the files that had no turn. */
async function outcomesOf(
	sources: Readonly<Record<string, string>>,
	timeoutMs?: number,
): Promise<{ outcomes: Record<string, string>; outputs: Record<string, string>; left: string[] }> {
	folders += 1;
	const folder = join(scratch(), `batch-${folders}`);
	mkdirSync(folder);
	const files = Object.entries(sources).map(([name, source]) => {
		const path = join(folder, `${name}.ts`);
		writeFileSync(path, `import { test } from ${UVU};\n${source}\n`);
		return path;
	});
	const nameOf = (path: string): string => path.slice(folder.length + 1, -".ts".length);
	const ended: Outcome[] = [];
	const left = await runBatch(files, {
		onEnd: (outcome) => ended.push(outcome),
		...(timeoutMs === undefined ? {} : { timeoutMs }),
	});
	const inShort = ({ passed, failed, fault }: Outcome): string => [`${passed} passed`, `${failed} failed`, fault ?? []].flat().join(", ");
	return {
		outcomes: Object.fromEntries(ended.map((each) => [nameOf(each.file), inShort(each)])),
		outputs: Object.fromEntries(ended.map((each) => [nameOf(each.file), each.output])),
		left: left.map(nameOf),
	};
}

test("each file of a batch has its own counts", async () => {
	const { outcomes, left } = await outcomesOf({
		a: 'test("one", () => {}); test("two", () => {}); test.run();',
		b: 'test("one", () => {}); test("two", () => { throw new Error("no"); }); test.run();',
		c: PASSES,
	});
	assert.equal(outcomes, { a: "2 passed, 0 failed", b: "1 passed, 1 failed", c: "1 passed, 0 failed" });
	assert.equal(left, []);
});

test("a file ends when nothing of it keeps the process alive, and output up to there is its own", async () => {
	const { outputs } = await outcomesOf({
		a: `setTimeout(() => { console.log("late"); console.error("late too"); }, 50); ${PASSES}`,
		b: `console.log("of b"); ${PASSES}`,
	});
	assert.match(outputs.a ?? "", "late\n");
	assert.match(outputs.a ?? "", "late too\n");
	assert.not.match(outputs.b ?? "", "late");
	assert.not.match(outputs.a ?? "", "of b");
});

test("an asynchronous compilation alone keeps the next file's tests going", async () => {
	const module = "WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))";
	const compiles = `test("compiles", async () => { await ${module}; await ${module}; }); test.run();`;
	const { outcomes } = await outcomesOf({ a: compiles, b: compiles });
	assert.equal(outcomes, { a: "1 passed, 0 failed", b: "1 passed, 0 failed" });
});

test("a file that crashes is told by its name, and the files after it are left", async () => {
	const { outcomes, outputs, left } = await outcomesOf({ a: PASSES, b: 'throw new Error("crash of b");', c: PASSES, d: PASSES });
	assert.equal(outcomes, { a: "1 passed, 0 failed", b: "0 passed, 1 failed, exit 1" });
	assert.match(outputs.b ?? "", "crash of b");
	assert.equal(left, ["c", "d"]);
});

test("a file that ends the process after its tests counts with its exit code", async () => {
	const { outcomes, left } = await outcomesOf({ a: `setTimeout(() => process.exit(3), 50); ${PASSES}`, b: PASSES });
	assert.equal(outcomes, { a: "1 passed, 1 failed, exit 3" });
	assert.equal(left, ["b"]);
});

test("an exit code that a file sets is a failure of that file alone", async () => {
	const { outcomes } = await outcomesOf({ a: `setTimeout(() => { process.exitCode = 4; }, 50); ${PASSES}`, b: PASSES });
	assert.equal(outcomes, { a: "1 passed, 1 failed, exit 4", b: "1 passed, 0 failed" });
});

test("a file whose tests wait for ever is told by its name", async () => {
	const waits = 'test("waits", () => new Promise(() => {})); test.run();';
	const { outcomes, left } = await outcomesOf({ a: PASSES, b: waits, c: PASSES });
	assert.equal(outcomes, { a: "1 passed, 0 failed", b: "0 passed, 1 failed, exit 1" });
	assert.equal(left, ["c"]);
});

test("a file that hangs is killed", async () => {
	const { outcomes, left } = await outcomesOf({ a: `setInterval(() => {}, 1_000); ${PASSES}`, b: PASSES }, 1_000);
	assert.match(outcomes.a ?? "", /1 failed, hung$/);
	assert.equal(left, ["b"]);
});

test("a file without tests, and one that does not run them, count as failed", async () => {
	const { outcomes } = await outcomesOf({ a: "test.run();", b: 'test("one", () => {});', c: PASSES });
	assert.equal(outcomes, { a: "0 passed, 1 failed, ran no test", b: "0 passed, 1 failed, ran no test", c: "1 passed, 0 failed" });
});

test("a file whose tests are all skipped does not count as failed", async () => {
	const { outcomes } = await outcomesOf({ a: 'test.skip("one", () => {}); test.run();' });
	assert.equal(outcomes, { a: "0 passed, 0 failed" });
});

test.run();
