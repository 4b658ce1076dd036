/** The system calls of the synthesizer, with a small program in its place. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runProgram } from "../../../../../src/backends/protocols/local/tts/memory-system.ts";
import { webAssembly } from "../../../../../src/backends/protocols/local/tts/web-assembly.ts";
import { standInSynthesizer } from "./stand-in-synthesizer.ts";

const module = await webAssembly.compile(await standInSynthesizer());

const run = (text: string, more: { readonly maxOutput?: number; readonly files?: ReadonlyMap<string, Uint8Array> } = {}) =>
	runProgram(module, { args: ["program"], files: new Map([["text", Buffer.from(text)]]), output: "sound", maxOutput: 1 << 20, ...more });

async function faultOf(promise: Promise<unknown>): Promise<string> {
	return promise.then(
		() => "none",
		(thrown) => String(thrown),
	);
}

test("a program reads a file and writes another one, at any position", async () => {
	const sound = Buffer.from(await run("ab"));
	assert.is(sound.length, 44 + 2 * 256);
	assert.is(sound.readUInt32LE(40), 2 * 256, "the length is written after the samples");
	assert.is(sound.readUInt32LE(24), 16_000);
	assert.equal([...new Set(sound.subarray(44, 300))], [0x61]);
	assert.equal([...new Set(sound.subarray(300))], [0x62]);
});

test("an output grows beyond its first buffer", async () => {
	assert.is((await run("x".repeat(1000))).length, 44 + 256_000);
});

test("an output beyond the bound fails the program's write", async () => {
	assert.match(await faultOf(run("x".repeat(100), { maxOutput: 10_000 })), "the program ended with code 22");
});

test("a file that is not there fails the program", async () => {
	assert.match(await faultOf(run("", { files: new Map() })), "the program ended with code 44");
});

test("a trap and an exit code fail the run, and the next run is not affected", async () => {
	assert.match(await faultOf(run("<")), "unreachable");
	assert.match(await faultOf(run(">")), "the program ended with code 3");
	assert.is((await run("a")).length, 300);
});

test.run();
