import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { spear } from "../helpers/spear.ts";

/** `spear run` with the source of a guest. */
const test = suite<{ folder: string }>("spear run, sources");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-run-"));
	writeFileSync(join(context.folder, "spear.toml"), '[backends.stub]\nkind = "stub"\n');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const run = (folder: string, ...args: string[]) =>
	spear(["run", ...args], { cwd: folder, env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache") } });

test("a source is built once, and its input is an argument", async ({ folder }) => {
	writeFileSync(
		join(folder, "agent.ts"),
		"export const run = (input: string) => { console.log('hears', input); return input.toUpperCase(); };\n",
	);
	const first = await run(folder, "agent.ts", "hello");
	assert.equal([first.code, first.stdout], [0, "HELLO\n"]);
	const [building = "", line = ""] = first.stderr.split("\n");
	assert.is(building, "spear: building agent.ts …");
	const { msg, guest, run_id } = JSON.parse(line);
	assert.equal([msg, guest, typeof run_id], ["hears hello", "agent", "string"]);
	assert.equal(await run(folder, "agent.ts", "-q", "--input", "again"), { code: 0, stdout: "AGAIN\n", stderr: "" });
});

test("faults of a source are those of a build, and an input is given once", async ({ folder }) => {
	writeFileSync(join(folder, "agent.ts"), "export const run = ;\n");
	const fault = await run(folder, "agent.ts");
	assert.is(fault.code, 2);
	assert.match(fault.stderr, /^spear: agent\.ts cannot be built:\n[\s\S]*agent\.ts:1:19/);
	const absent = await run(folder, "other.ts");
	assert.equal([absent.code, absent.stderr.startsWith("spear: other.ts does not exist")], [2, true]);
	const twice = await run(folder, "agent.ts", "a", "--input", "b");
	assert.equal([twice.code, twice.stderr.split("\n")[0]], [2, "error: the input is given twice; omit --input, or the argument [input]"]);
});

test.run();
