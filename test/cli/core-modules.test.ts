import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assemble, scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

/** `spear run` with core modules. */
const test = suite("spear run, core modules");

const config = join(scratch(), "quiet.toml");
await writeFile(config, '[host]\nlog_level = "silent"\n');

/** Writes a module whose entry has this code. Returns its path. */
async function moduleOf(name: string, code: string): Promise<string> {
	const path = join(scratch(), name);
	await writeFile(
		path,
		await assemble(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (func (export "_start") ${code}))`),
	);
	return path;
}

test("`run` exits with the status of the guest", async () => {
	for (const [status, expected] of [
		[0, 0],
		[7, 7],
		[255, 255],
		[256, 1],
	] as const) {
		const { code, stderr } = await spearHere([
			"run",
			await moduleOf("exits.wasm", `(call $exit (i32.const ${status}))`),
			"--config",
			config,
		]);
		assert.is(code, expected);
		assert.is(stderr, status === 0 ? "" : `spear: the guest exited with status ${status}\n`);
	}
});

/** Writes a line at each level. */
const LOGS = await assemble(`(module
	(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
	(memory (export "memory") 1) (data (i32.const 0) "trace") (data (i32.const 8) "debug") (data (i32.const 16) "info.")
	(data (i32.const 24) "warn.") (data (i32.const 32) "error")
	(func (export "_start") (local $level i32)
		(loop $next
			(drop (call $log (local.get $level) (i32.mul (local.get $level) (i32.const 8)) (i32.const 5)))
			(br_if $next (i32.lt_u (local.tee $level (i32.add (local.get $level) (i32.const 1))) (i32.const 5))))))`);

/** Returns the messages of JSON lines. */
const messages = (stderr: string): string[] =>
	stderr
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line).msg);

test("lines of the guest's log are on standard error from `info` on, whatever the level of the host", async () => {
	const path = join(scratch(), "logs.wasm");
	await writeFile(path, LOGS);
	const shown = ["info.", "warn.", "error"];
	for (const [level, options, expected] of [
		["silent", [], []],
		["error", [], shown],
		["warn", [], shown],
		["info", [], shown],
		["debug", [], ["debug", ...shown]],
		["info", ["-q"], ["error"]],
		["silent", ["-v"], ["debug", ...shown]],
		["error", ["--log-level", "trace"], ["trace", "debug", ...shown]],
		["info", ["--log-level", "silent"], []],
	] as const) {
		const file = join(scratch(), `${level}.toml`);
		await writeFile(file, `[host]\nlog_level = "${level}"\n[backends.stub]\nkind = "stub"\n`);
		const { code, stdout, stderr } = await spearHere(["run", path, "--config", file, ...options]);
		assert.equal({ code, stdout, messages: messages(stderr) }, { code: 0, stdout: "", messages: expected }, `${level} ${options}`);
	}
});

test("each line of a guest names the guest and the run", async () => {
	const file = join(scratch(), "named.toml");
	await writeFile(file, '[host]\nlog_level = "error"\n[backends.stub]\nkind = "stub"\n');
	const path = join(scratch(), "named.wasm");
	await writeFile(path, LOGS);
	const { stderr } = await spearHere(["run", path, "--config", file]);
	const lines = stderr
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.equal(
		lines.map(({ guest }) => guest),
		["named", "named", "named"],
	);
	assert.is(new Set(lines.map(({ run_id }) => run_id)).size, 1);
	assert.match(lines[0].run_id, /^[0-9a-f-]{36}$/);
});

test("`run --json` prints the status", async () => {
	const { code, stdout } = await spearHere([
		"run",
		await moduleOf("exits.wasm", "(call $exit (i32.const 7))"),
		"--config",
		config,
		"--json",
	]);
	const { ok, error } = JSON.parse(stdout);
	assert.equal(
		{ code, ok, error },
		{ code: 7, ok: false, error: { code: "guest_failed", message: "the guest exited with status 7", exit_status: 7 } },
	);
});

test("a module that cannot be loaded is a wrong argument", async () => {
	const path = join(scratch(), "reactor.wasm");
	await writeFile(path, await assemble('(module (func (export "_initialize")))'));
	const { code, stderr } = await spearHere(["run", path, "--config", config]);
	assert.is(code, 2);
	assert.match(stderr, "spear: reactor.wasm cannot be loaded: it exports _initialize and no _start");
});

test("`run --input` is refused", async () => {
	const { code, stderr } = await spearHere(["run", await moduleOf("runs.wasm", ""), "--config", config, "--input", "hello"]);
	assert.is(code, 1);
	assert.match(stderr, "runs.wasm is a core module, whose `_start` takes no input");
});

/** Writes two lines to standard output, the second without its end, and one to standard error. */
const WRITER = `(module
	(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
	(memory (export "memory") 1)
	(data (i32.const 0) "\\40\\00\\00\\00\\08\\00\\00\\00\\48\\00\\00\\00\\07\\00\\00\\00")
	(data (i32.const 64) "one\\n\\1b[2Jtrouble")
	(func (export "_start")
		(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
		(drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 32)))))`;

test("standard output of the guest is that of the command, and nothing is added to it", async () => {
	const path = join(scratch(), "writer.wasm");
	await writeFile(path, await assemble(WRITER));
	const file = join(scratch(), "writer.toml");
	await writeFile(file, '[host]\nlog_level = "error"\n[backends.stub]\nkind = "stub"\n');
	const plain = await spearHere(["run", path, "--config", file]);
	assert.equal([plain.code, plain.stdout, messages(plain.stderr)], [0, "one\n\\x1b[2J", ["trouble"]]);
	assert.is(JSON.parse(plain.stderr).stream, "stderr");
	const json = await spearHere(["run", path, "--config", file, "--json"]);
	assert.equal(JSON.parse(json.stdout).emitted, [{ type: "text", text: "one\n\u001b[2J" }]);
	assert.equal(messages(json.stderr), ["trouble"]);
	const streamed = await spearHere(["run", path, "--config", file, "--stream", "1"]);
	assert.equal([streamed.stdout, messages(streamed.stderr)], ["", ["one", "\u001b[2J", "trouble"]]);
	assert.equal(await spearHere(["run", await moduleOf("quiet.wasm", ""), "--config", config]), { code: 0, stdout: "", stderr: "" });
});

test.run();
