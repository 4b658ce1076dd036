import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cliGuest } from "../helpers/cli-guest.ts";
import { assemble, ROOT, scratch } from "../helpers/guest.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** Output and input of `spear`: closed pipes, full disks, invalid input, control characters. */
const test = suite("spear, input and output");

const { prepared } = await cliGuest();
const config = join(scratch(), "quiet.toml");
await writeFile(config, '[host]\nlog_level = "silent"\n');
const run = (...args: string[]): string[] => ["run", prepared, "--config", config, ...args];

test("a command exits with 0 when the reader of its output closes the pipe", async () => {
	const { code, stderr } = await spear(run("--input", "long"), {
		onStart: (child) => child.stdout?.once("data", () => child.stdout?.destroy()),
	});
	assert.is(stderr, "");
	assert.is(code, 0);
	const closed = await spear(["backends", "--config", config], { onStart: (child) => child.stdout?.destroy() });
	assert.is(closed.stderr, "");
	assert.is(closed.code, 0);
});

if (existsSync("/dev/full"))
	test("a command exits with 1 when its output cannot be written", async () => {
		const script = 'exec "$0" --disable-warning=ExperimentalWarning "$@" > /dev/full';
		const child = spawn("sh", ["-c", script, process.execPath, join(ROOT, "src/cli/main.ts"), ...run("--input", "hello")]);
		let stderr = "";
		child.stderr.on("data", (data: Buffer) => {
			stderr += data;
		});
		const code = await new Promise((resolve) => child.on("close", resolve));
		assert.is(stderr, "spear: the output cannot be written: no space is left\n");
		assert.is(code, 1);
	});

test("input that is not UTF-8 is refused", async () => {
	const { code, stderr, stdout } = await spear(run("--input", "-"), { stdin: Uint8Array.of(0x61, 0xff, 0x00) });
	assert.is(code, 2);
	assert.is(stdout, "");
	assert.is(stderr, "spear: standard input is not UTF-8 text; a guest's input is text\n");
});

test("input may be empty or begin with a byte order mark", async () => {
	assert.is((await spear(run("--input", "-"), { stdin: "" })).stdout, "\n");
	assert.is((await spear(run("--input", "-"), { stdin: "\uFEFFhi" })).stdout, "hi\n");
});

test("control characters of an output are escaped for people, and kept by --json", async () => {
	const output = "a\u001b]0;title\u0007\u009b31m\r\t\u202eb\n";
	assert.is((await spear(run("--input", output))).stdout, "a\\x1b]0;title\\x07\\x9b31m\\x0d\t\\u202eb\n");
	const { stdout } = await spear(run("--input", output, "--json"));
	assert.is(JSON.parse(stdout).output, output);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters that must not be there
	assert.not.match(stdout, /[\u001b\u009b\u202e]/);
});

test("Ctrl-C ends a command that waits for standard input", async () => {
	const { code, stderr } = await spear(run("--input", "-", "--transcript"), {
		keepStdinOpen: true,
		onStart: (child) => {
			// More bytes than a pipe buffers, so that the callback runs once the command reads.
			child.stdin?.write("x".repeat(1_000_000), () => child.kill("SIGINT"));
		},
	});
	assert.is(code, 130);
	assert.is(stderr, "spear: stopping; press Ctrl-C again to end at once\nspear: interrupted by SIGINT\n");
});

test("control characters of a guest are escaped", async () => {
	const { stderr } = await spearHere(run("--input", "escape"));
	assert.is(stderr.split("\n")[0], "spear: the guest failed: \\x1b[31mred\\x07 and\ttab");
});

/** Writes a word to standard error, and traps. */
const TRAPS = `(module
	(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
	(memory (export "memory") 1)
	(data (i32.const 0) "\\08\\00\\00\\00\\08\\00\\00\\00trouble\\n")
	(func (export "_start") (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 32))) (unreachable)))`;

test("a trap is reported once, after the standard error of the guest", async () => {
	const path = join(scratch(), "traps.wasm");
	await writeFile(path, await assemble(TRAPS));
	for (const options of [["--log-level", "info"], ["-q"], ["--transcript", "--log-level", "info"]]) {
		const { code, stderr } = await spearHere(["run", path, "--config", config, ...options]);
		assert.is(code, 1);
		assert.is(stderr.match(/trouble/g)?.length, 1, stderr);
		assert.match(stderr, /(?:^|\n)spear: the guest trapped: unreachable/);
	}
});

test.run();
