/** Guests built by the toolchains of C, Rust and Go. Skipped where a toolchain is missing. Rust and Go, which are slow, run in full runs only. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CoreRun, runCore } from "../../helpers/core-guest.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { clang, go, rust, type Toolchain } from "../../helpers/toolchains.ts";

const test = suite("core modules of toolchains");

const fixture = (name: string): string => fileURLToPath(new URL(`__fixtures__/${name}`, import.meta.url));

async function run(toolchain: Toolchain, source: string): Promise<CoreRun & { readonly outcome: unknown }> {
	return runCore(await readFile(await toolchain.compile(fixture(source))));
}

function testOn(toolchain: Toolchain, name: string, body: () => Promise<void>): void {
	if (toolchain.missing === undefined) test(name, body);
	else test.skip(`${name} (${toolchain.missing})`, body);
}

const NOT_RUN: Toolchain = { missing: "in full runs only", compile: () => Promise.reject(new Error("not run")) };
const [c, rs, golang] = await Promise.all([clang(), isFullRun ? rust() : NOT_RUN, isFullRun ? go() : NOT_RUN]);

testOn(c, "a guest in C finds an empty world with clocks, random numbers and output", async () => {
	const { outcome, lines, faults } = await run(c, "world.c");
	assert.equal(lines, [
		"out: arguments 0, environment empty",
		"out: slept 1",
		"out: time 1",
		"out: random 1",
		"out: file -1",
		"out: input 0",
		"out: terminal 1, position -1",
		"err: memory 1",
		"out: no end of the line",
	]);
	assert.equal(outcome, { exited: 3 });
	assert.equal(faults, []);
});

testOn(rs, "a guest in Rust finds the same", async () => {
	const { outcome, lines, faults } = await run(rs, "world.rs");
	assert.equal(lines, [
		"out: arguments 0, environment 0",
		"out: slept true",
		"out: time true",
		"out: map {1: 2}",
		"out: file false",
		"out: input Some(0)",
		"err: to standard error",
	]);
	assert.equal(outcome, { exited: 3 });
	assert.equal(faults, []);
});

testOn(rs, "the panic of a guest in Rust is a trap whose message is the last of standard error", async () => {
	const { outcome, lines } = await run(rs, "panic.rs");
	assert.is(lines[0], "out: before");
	const { trap } = outcome as { trap: { kind: string; message: string; stderr: string } };
	assert.is(trap.kind, "trap");
	assert.match(trap.message, "unreachable");
	assert.match(trap.stderr, "index out of bounds: the len is 0 but the index is 0");
});

testOn(golang, "a guest in Go finds the same, and its goroutines wait for each other", async () => {
	const { outcome, lines, faults } = await run(golang, "world.go");
	assert.equal(lines, [
		"out: arguments 0, environment 0",
		"out: slept true",
		"out: time true",
		"out: random true",
		"out: file false",
		"out: input 0 <nil>",
		"out: channel 42",
		"err: to standard error",
	]);
	assert.equal(outcome, { exited: 3 });
	assert.equal(faults, []);
});

test.run();
