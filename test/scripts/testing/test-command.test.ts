/** The command `npm test` in a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT, scratch } from "../../helpers/guest.ts";

const UVU = JSON.stringify(import.meta.resolve("uvu"));
const ASSERT = JSON.stringify(import.meta.resolve("uvu/assert"));

/** Runs the command over test files. Returns its exit code and the lines that it prints. */
async function run(sources: Readonly<Record<string, string>>): Promise<{ code: unknown; lines: string[] }> {
	const folder = join(scratch(), "test-command");
	mkdirSync(join(folder, "test"), { recursive: true });
	for (const [name, source] of Object.entries(sources)) {
		const head = `import { suite, test } from ${UVU};\nimport * as assert from ${ASSERT};\n`;
		writeFileSync(join(folder, `test/${name}.test.ts`), `${head}${source}\n`);
	}
	const child = spawn(process.execPath, [join(ROOT, "scripts/test.ts")], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
	const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
	return { code, lines: output.split("\n") };
}

test("the last lines name each failed file, its failed tests and the beginning of each failure, and then the counts", async () => {
	const { code, lines } = await run({
		fails: `
			test("passes", () => {});
			test("counts", () => assert.is(1 + 1, 3));
			const other = suite("of a suite");
			other("throws", () => { throw new Error("no such thing"); });
			test.run();
			other.run();`,
		crashes: 'throw new Error("crash at once");',
		passes: 'test("one", () => {}); test.run();',
		skips: 'test.skip("one", () => {}); test.run();',
	});
	assert.is(code, 1);
	const end = lines.slice(lines.lastIndexOf("failed files:"));
	assert.equal(end.slice(-3), ["", "2 passed, 3 failed, 1 skipped", ""]);
	const summary = end.join("\n");
	const fails = `  ✗ test/fails.test.ts
    "counts"
        Expected values to be strictly equal:  (is)
        ++3    (Expected)
        --2    (Actual)
    of a suite  "throws"
        no such thing
`;
	assert.ok(summary.includes(fails), summary);
	assert.match(summary, /^ {2}✗ test\/crashes\.test\.ts {2}\(exit 1\)\n(?: {8}.*\n)* {8}Error: crash at once\n/m);
	assert.not.match(summary, /passes|skips/);
});

test("the last lines name no file when none fails", async () => {
	const { code, lines } = await run({ fails: 'test("one", () => {}); test.run();', crashes: 'test("one", () => {}); test.run();' });
	assert.is(code, 0);
	assert.not(lines.includes("failed files:"));
	assert.is(lines.at(-2), "3 passed, 0 failed, 1 skipped");
});

test.run();
