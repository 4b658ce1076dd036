import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assemble, scratch } from "../helpers/guest.ts";
import { emitsEvent, emitsTexts, printsTexts } from "../helpers/output-guests.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** `spear run` with guests that emit output. */
const test = suite("spear run, output of guests");

const config = join(scratch(), "quiet.toml");
await writeFile(config, '[host]\nlog_level = "silent"\n');

async function run(name: string, source: string, ...args: string[]): Promise<string[]> {
	const path = join(scratch(), name);
	await writeFile(path, await assemble(source));
	return ["run", path, "--config", config, ...args];
}

test("`run` prints text as it comes, and then the answer", async () => {
	assert.equal(await spearHere(await run("texts.wasm", emitsTexts(3, 2))), { code: 0, stdout: "a.b.c.\nok\n", stderr: "" });
	assert.equal(await spearHere(await run("event.wasm", emitsEvent("x", "[1]"))), { code: 0, stdout: "ok\n", stderr: "" });
});

test("`run --json` prints what the guest emitted in its object", async () => {
	const texts = JSON.parse((await spearHere(await run("texts.wasm", emitsTexts(3, 2), "--json"))).stdout);
	assert.equal([texts.output, texts.emitted], ["ok", [{ type: "text", text: "a.b.c." }]]);
	const event = JSON.parse((await spearHere(await run("event.wasm", emitsEvent("x", "[1]"), "--json"))).stdout);
	assert.equal([event.output, event.emitted], ["ok", [{ type: "event", name: "x", data: [1] }]]);
});

test("`run --stream-json` prints a line for each output, and the end", async () => {
	const { code, stdout } = await spearHere(await run("texts.wasm", emitsTexts(2, 1), "--stream-json"));
	const lines = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.is(code, 0);
	assert.equal(lines.slice(0, 2), [
		{ type: "text", text: "a" },
		{ type: "text", text: "b" },
	]);
	assert.equal([lines[2].type, lines[2].ok, lines[2].output, lines.length], ["end", true, "ok", 3]);
});

test("`run` prints all that a core module writes, beyond the budget of its log", async () => {
	const { code, stdout, stderr } = await spearHere(await run("prints.wasm", printsTexts("line\n", 10_000)));
	assert.equal([code, stderr], [0, ""]);
	assert.ok(stdout === "line\n".repeat(10_000), `${stdout.length} characters`);
});

for (const [name, source] of [
	["endless.wasm", emitsTexts(100_000_000, 100)],
	["prints-endless.wasm", printsTexts("line!", 1_000_000_000)],
] as const)
	test(`\`run\` of ${name} ends quietly when the reader of its output closes the pipe`, async () => {
		const { code, stderr } = await spear(await run(name, source), {
			onStart: (child) => child.stdout?.once("data", () => child.stdout?.destroy()),
		});
		assert.equal([code, stderr], [0, ""]);
	});

test("Ctrl-C ends a run whose output nobody takes", async () => {
	const { code } = await spear(await run("endless.wasm", emitsTexts(100_000_000, 100)), {
		onStart(child) {
			child.stdout?.once("data", () => {
				child.stdout?.pause();
				child.kill("SIGINT");
				child.once("exit", () => child.stdout?.resume());
			});
		},
	});
	assert.is(code, 130);
});

test.run();
