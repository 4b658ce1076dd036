/** Core modules that are refused, each with what to do about it. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadGuestModule } from "../../../src/abi/load-module.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { loadCore } from "../../helpers/core-guest.ts";
import { assemble } from "../../helpers/guest.ts";
import { coreModule, leb, section, text } from "../../helpers/wasm-bytes.ts";

const test = suite("loading a core module");

const START = '(func (export "_start"))';

async function failure(module: string | Uint8Array, options: Parameters<typeof loadCore>[1] = {}): Promise<string> {
	try {
		await loadCore(module, options);
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		const { code, message } = thrown as SpearError;
		assert.is(code, "invalid_request");
		return message;
	}
	return assert.unreachable("the module was loaded") as never;
}

test("a core module is told from a component by its first bytes", async () => {
	const module = await loadGuestModule(await assemble(`(module ${START})`), {});
	assert.match(module.name, /^core module [0-9a-f]{12}$/);
	assert.is(module.initialBytes, 0);
	assert.equal(module.deprecated, []);
	assert.is(module.locate("at a.js:1:2"), "at a.js:1:2");
	try {
		await loadGuestModule(Buffer.from("no module"), {});
		assert.unreachable();
	} catch (thrown) {
		assert.match((thrown as Error).message, "it does not begin like a WebAssembly component; build the guest with `spear build`");
	}
});

test("a core module that is loaded again is not compiled again, and limits of another size are", async () => {
	const bytes = await assemble(`(module (memory 1) ${START})`);
	const first = await loadCore(bytes);
	assert.is(await loadCore(Uint8Array.from(bytes)), first);
	assert.is.not(await loadCore(bytes, { metering: "loops" }), first);
	assert.is.not(await loadCore(bytes, { maxMemoryBytes: 1_048_576 }), first);
	assert.is(first.initialBytes, 256 * 1024 * 1024);
});

test("the engine jco is refused", async () => {
	const bytes = await assemble(`(module ${START})`);
	try {
		await loadGuestModule(bytes, { engine: "jco" });
		assert.unreachable();
	} catch (thrown) {
		assert.match((thrown as Error).message, "is a core module, which the engine jco does not run; leave the engine out");
	}
});

test("an unknown function is refused with the names of its family", async () => {
	assert.is(
		await failure(`(module (import "spear" "mic_stream" (func (param i32))) ${START})`),
		"guest.wasm cannot be loaded: it imports spear mic_stream, which this host does not offer; it has mic_create, mic_ctl, mic_read, mic_close",
	);
	assert.match(
		await failure(`(module (import "wasi_snapshot_preview1" "fd_splice" (func)) ${START})`),
		"it imports wasi_snapshot_preview1 fd_splice, which this host does not offer; it has fd_write, fd_read, fd_close",
	);
});

test("a function of another type is refused with both types", async () => {
	assert.is(
		await failure(`(module (import "spear" "log" (func (param i32 i64) (result i32))) ${START})`),
		"guest.wasm cannot be loaded: it imports spear log with the type (i32, i64) -> i32, and it has the type (i32, i32, i32) -> i32; correct the declaration",
	);
	assert.match(
		await failure(`(module (import "spear" "time_now_ms" (func (param externref f32) (result f64 i32))) ${START})`),
		"with the type (a reference or vector, f32) -> (f64, i32), and it has the type () -> i64",
	);
	assert.match(
		await failure(`(module (import "wasi_snapshot_preview1" "proc_exit" (func))  ${START})`),
		"with the type () -> (), and it has the type (i32) -> ()",
	);
});

const MODULES: readonly (readonly [string, string])[] = [
	["env", "nothing defines it in the build"],
	["wasi_unstable", "build for wasm32-wasip1"],
	["gojs", "GOOS=wasip1"],
	["wbg", "wasm32-wasip1, without wasm-bindgen"],
	["spear:ai/log@0.1.0", "make the component first"],
	["cm32p2|spear:ai/log", "make the component first"],
	["other", "this host has no such module: it has spear and wasi_snapshot_preview1"],
];

for (const [module, advice] of MODULES)
	test(`an import of the module ${module} is refused with advice`, async () => {
		assert.match(await failure(`(module (import "${module}" "f" (func)) ${START})`), advice);
	});

test("imports that are no functions are refused by name", async () => {
	assert.match(
		await failure(`(module (import "env" "memory" (memory 1)) ${START})`),
		"it imports env memory, a memory, and this host offers only functions; define the memory in the module, and export it (wasm-ld: without `--import-memory`)",
	);
	assert.match(await failure(`(module (import "env" "t" (table 1 funcref)) ${START})`), "without `--import-table`");
	assert.match(await failure(`(module (import "spear" "log" (global i32)) ${START})`), "it imports spear log, a global");
});

test("a module without an entry is refused with the names of its functions", async () => {
	assert.match(
		await failure('(module (memory (export "memory") 1) (func (export "main")) (func (export "run")))'),
		"it exports no function _start, at which a run begins; it exports main, run; build it as a command, with `main`",
	);
	assert.match(await failure("(module)"), "it exports no function; build");
	assert.match(await failure('(module (func (export "_initialize")))'), "it is a library (a reactor of WASI); build it as a command");
	assert.match(await failure('(module (memory (export "_start") 1))'), "its export _start is a memory, and must be a function");
	assert.match(
		await failure('(module (func (export "_start") (param i32 i64)))'),
		"its export _start has the type (i32, i64) -> (), and must have no parameters",
	);
});

test("several faults are told together, and no more than five", async () => {
	const many = Array.from({ length: 9 }, (_, index) => `(import "spear" "f${index}" (func))`).join("");
	const message = await failure(`(module ${many})`);
	assert.is(message.split("which this host does not offer").length - 1, 5);
	assert.match(message, "; and 5 more");
});

test("names of the guest cannot spoil a message", async () => {
	const name = `\u0007\u001b[31m${"x".repeat(1_000)}`;
	const message = await failure(coreModule(section(1, [1, 0x60, 0, 0]), section(2, [1, ...text(name), ...text("f"), 0, 0])));
	assert.not.match(message, "\u001b");
	assert.ok(message.length < 1_000);
});

test("shared and 64-bit memories and tables, and memories beyond the limit, are refused", async () => {
	for (const [id, body] of [
		[5, [1, 3, 1, 1]],
		[5, [1, 4, 1]],
		[4, [1, 0x70, 3, 1, 1]],
		[4, [1, 0x70, 4, 1]],
	] as const)
		assert.match(
			await failure(
				coreModule(section(1, [1, 0x60, 0, 0]), section(3, [1, 0]), section(id, body), section(7, [1, ...text("_start"), 0, 0])),
			),
			"shared or 64-bit memory or table",
		);
	assert.match(await failure(`(module (memory 100) ${START})`, { maxMemoryBytes: 1_048_576 }), "raise max_memory_bytes");
	assert.match(await failure(`(module (table 10000000 funcref) ${START})`, { maxMemoryBytes: 1_048_576 }), "raise max_memory_bytes");
	assert.match(await failure(`(module (memory 1) (memory 1) (memory 1) (memory 1) (memory 1) ${START})`), "more than 4 memories");
	assert.match(await failure(`(module ${"(table 1 funcref)".repeat(65)} ${START})`), "more than 64 tables");
});

test("the counter of the meter is out of reach, in each mode", async () => {
	for (const metering of ["full", "loops", "off"] as const) {
		assert.match(await failure(`(module (import "__spear_meter" "check" (func (result i32))) ${START})`, { metering }), "__spear_meter");
	}
	assert.match(await failure(`(module (global (export "__spear_meter") i32 (i32.const 0)) (func (export "_start")))`), "reserved");
});

test("a module that is not valid is refused", async () => {
	const types = section(1, [1, 0x60, 0, 0]);
	const entry = section(7, [1, ...text("_start"), 0, 0]);
	for (const [bytes, message] of [
		[coreModule(types, section(3, [1, 0]), entry, section(10, [1, 3, 0, 0x6a, 0x0b])), "does not compile"],
		[coreModule(types, section(3, [1, 0]), entry), /does not compile|declares 1 functions/],
		[coreModule(types, section(3, [1, 7]), entry, section(10, [1, 2, 0, 0x0b])), "no function 0 with a type"],
		[coreModule(section(1, [...leb(2 ** 32 - 1), 0x60])), "ends too early"],
		[coreModule(section(1, [1, 0x5f, 0])), "garbage-collected"],
		[coreModule(Buffer.from([7, 200, 1])), "reaches past the end"],
	] as const) {
		assert.match(await failure(bytes), message);
		assert.match(await failure(bytes, { metering: "off" }), message);
	}
});

test.run();
