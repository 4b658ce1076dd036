import { test } from "uvu";
import * as assert from "uvu/assert";
import { meterCoreModule } from "../../../src/abi/metering/meter-core-module.ts";
import type { MeteringMode } from "../../../src/abi/metering/meter-function.ts";
import { METER_NAME } from "../../../src/abi/metering/module-layout.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { assemble } from "../../helpers/guest.ts";

/** Calls the export `f` of a module, original and metered. Returns both results and the number of checks. */
async function both(text: string, mode: MeteringMode): Promise<{ original: unknown; metered: unknown; checks: number }> {
	const bytes = await assemble(text);
	const rewritten = meterCoreModule(bytes, { mode });
	let checks = 0;
	const meter = {
		check: () => {
			checks += 1;
			// One unit: every second check takes the slow path. Zero asks for a yield.
			return checks % 3 === 0 ? 0 : 1;
		},
		yield: () => {},
	};
	const host = { add: (a: number, b: number) => a + b };
	const results: unknown[] = [];
	for (const part of [bytes, rewritten]) {
		const { exports } = await webAssembly.instantiate(await webAssembly.compile(part), { host, [METER_NAME]: meter });
		const f = exports.f;
		results.push(typeof f === "function" ? f() : assert.unreachable("no export f"));
	}
	return { original: results[0], metered: results[1], checks };
}

const f = (body: string, result = "i32", more = ""): string => `(module ${more} (func (export "f") (result ${result}) ${body}))`;

/** A loop of five rounds around a value of type i32, which is summed up. */
const loop = (body: string, locals = "", more = ""): string =>
	f(
		`(local $i i32) (local $s i32) ${locals}
		(loop $l
			(local.set $s (i32.add (local.get $s) ${body}))
			(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
		(local.get $s)`,
		"i32",
		more,
	);

const GROUPS: Readonly<Record<string, string>> = {
	"integer arithmetic": loop("(i32.rem_u (i32.mul (local.get $i) (i32.const -77777777)) (i32.const 1000))"),
	"64-bit constants and conversions": loop("(i32.wrap_i64 (i64.shr_u (i64.const -0x123456789abcdef) (i64.extend_i32_u (local.get $i))))"),
	"floating point": loop("(i32.trunc_f64_s (f64.sqrt (f64.mul (f64.const 3.5e3) (f64.promote_f32 (f32.const 1.25)))))"),
	"sign extension": loop("(i32.extend8_s (i32.add (local.get $i) (i32.const 126)))"),
	"saturating truncation": loop("(i32.add (i32.trunc_sat_f64_u (f64.const 1e30)) (i32.trunc_sat_f32_s (f32.const nan)))"),
	"loads, stores and the size of a memory": loop(
		"(block (result i32) (i32.store offset=300 align=1 (local.get $i) (i32.const 7)) (i32.add (memory.size) (i32.load8_u offset=300 (local.get $i))))",
		"",
		"(memory 1)",
	),
	"bulk memory": loop(
		`(block (result i32)
			(memory.fill (i32.const 8) (i32.const 3) (i32.const 9))
			(memory.init $d (i32.const 20) (i32.const 1) (i32.const 3))
			(memory.copy (i32.const 40) (i32.const 8) (i32.const 30))
			(drop (memory.grow (i32.const 1)))
			(i32.load (i32.add (i32.const 50) (local.get $i))))`,
		"",
		'(memory 1 20) (data $d "\\01\\02\\03\\04") (data (i32.const 0) "abc")',
	),
	tables: loop(
		`(block (result i32)
			(drop (table.grow $t (ref.null func) (i32.const 2)))
			(table.fill $t (i32.const 1) (ref.func $g) (i32.const 2))
			(table.copy $t $t (i32.const 2) (i32.const 0) (i32.const 2))
			(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
			(table.set $t (i32.const 1) (table.get $t (i32.const 0)))
			(elem.drop $p)
			(i32.add (table.size $t) (call_indirect $t (result i32) (i32.const 1))))`,
		"",
		`(table $t 4 funcref) (elem $e func $g $h) (elem $p funcref (ref.func $h) (ref.null func))
		(elem (table $t) (i32.const 3) func $h) (elem declare func $g)
		(func $g (result i32) (i32.const 11)) (func $h (result i32) (i32.const 12))`,
	),
	"imported and defined functions": loop(
		"(call $g (call $add (local.get $i) (i32.const 1)))",
		"",
		'(import "host" "add" (func $add (param i32 i32) (result i32))) (func $g (param i32) (result i32) (call $add (local.get 0) (local.get 0)))',
	),
	"globals that hold functions": loop(
		"(block (result i32) (table.set (i32.const 0) (global.get $r)) (global.set $m (i32.add (global.get $m) (local.get $i))) (i32.add (global.get $m) (call_indirect (result i32) (i32.const 0))))",
		"",
		'(table 1 funcref) (global $m (mut i32) (i32.const 5)) (global $r funcref (ref.func $g)) (func $g (result i32) (i32.const 21)) (export "r" (global $r))',
	),
	"a start function": loop("(global.get $m)", "", "(global $m (mut i32) (i32.const 0)) (func $s (global.set $m (i32.const 9))) (start $s)"),
	"several values": loop(
		"(block (result i32) (call $two) (block (param i32 i32) (result i32) (i32.sub)))",
		"",
		"(func $two (result i32 i32) (i32.const 9) (i32.const 4))",
	),
	"tables of branches": loop(
		"(block $d (result i32) (block $b (block $a (br_table $a $b $a (local.get $i))) (br $d (i32.const 10))) (i32.const 200))",
	),
	"if, else and select": loop(
		"(if (result i32) (i32.and (local.get $i) (i32.const 1)) (then (select (i32.const 3) (i32.const 4) (local.get $s))) (else (select (result i32) (i32.const 5) (i32.const 6) (local.get $s))))",
	),
	references: loop("(i32.add (ref.is_null (ref.null extern)) (ref.is_null (ref.func $g)))", "", "(func $g) (elem declare func $g)"),
	"typed references": loop(
		"(block (result i32) (i32.add (call_ref $t (ref.func $g)) (block $n (result i32) (drop (block $null (result (ref $t)) (br_on_non_null $null (ref.null $t)) (br $n (i32.const 2)))) (i32.const 1))))",
		"(local $r (ref null $t))",
		"(type $t (func (result i32))) (func $g (type $t) (i32.const 8)) (elem declare func $g)",
	),
	"tail calls": f(
		"(call $sum (i32.const 1000) (i32.const 0))",
		"i32",
		`(func $sum (param i32 i32) (result i32)
			(if (i32.eqz (local.get 0)) (then (return (local.get 1))))
			(return_call $sum (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 0) (local.get 1))))`,
	),
	vectors: loop(
		`(i32.add (i32x4.extract_lane 2 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (i32x4.add (v128.const i32x4 1 2 3 4) (i32x4.splat (local.get $i))) (v128.load offset=4 (i32.const 0))))
			(i32x4.extract_lane 1 (v128.load32_lane offset=8 1 (i32.const 0) (v128.const i64x2 0 0))))`,
		"",
		'(memory 1) (data (i32.const 8) "\\07\\00\\00\\00\\08")',
	),
	"relaxed vectors": loop("(i32x4.extract_lane 0 (i8x16.relaxed_swizzle (v128.const i32x4 9 8 7 6) (v128.const i32x4 0x03020100 0 0 0)))"),
	atomics: loop(
		"(block (result i32) (atomic.fence) (drop (memory.atomic.notify (i32.const 0) (i32.const 1))) (i32.atomic.rmw.add offset=8 (i32.const 0) (local.get $i)))",
		"",
		"(memory 1 1 shared)",
	),
	exceptions: loop(
		`(block $h (result i32)
			(block $r (result i32 exnref)
				(try_table (result i32) (catch $e $h) (catch_ref $e $r) (catch_all 2) (throw $e (local.get $i)))
				(br $h))
			(throw_ref))`,
		"",
		"(tag $e (param i32))",
	),
	"code after a branch": loop("(block (result i32) (br 0 (i32.const 4)) (loop (br 0) (memory.fill)) (i32.const 1))", "", "(memory 1)"),
};

for (const [what, text] of Object.entries(GROUPS)) {
	for (const mode of ["full", "loops"] as const) {
		test(`a module with ${what}, metered for ${mode}, has the result of the original`, async () => {
			const { original, metered, checks } = await both(text, mode);
			assert.type(original, "number");
			assert.is(metered, original);
			assert.ok(mode === "loops" || checks > 0);
		});
	}
}

for (const [what, text, message] of [
	[
		"a wait for a thread",
		"(module (memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))",
		"memory.atomic.wait",
	],
	["garbage collection", "(module (func (drop (ref.i31 (i32.const 1)))))", "an instruction of garbage-collected WebAssembly"],
	["types of garbage collection", "(module (type (struct)) (func))", "garbage-collected WebAssembly types"],
	["64-bit memory", "(module (memory i64 1) (func))", "64-bit memory"],
	["an export of the reserved name", '(module (func (export "__spear_meter")))', "it exports the name __spear_meter, which is reserved"],
	[
		"an import of the reserved name",
		'(module (import "__spear_meter" "check" (func (result i32))) (func))',
		"it imports from the name __spear_meter",
	],
	[
		"an import of another module's counter",
		'(module (import "other" "__spear_meter" (global (mut i32))) (func))',
		"it imports the name __spear_meter",
	],
] as const) {
	test(`a module with ${what} is refused by name`, async () => {
		const bytes = await assemble(text);
		assert.throws(
			() => meterCoreModule(bytes, { mode: "full" }),
			(error: unknown) => error instanceof Error && error.message.includes(message) && Reflect.get(error, "code") === "invalid_request",
		);
	});
}

/** Returns the module of a text with one byte sequence replaced. */
async function patched(text: string, from: readonly number[], to: readonly number[]): Promise<Uint8Array> {
	const bytes = Uint8Array.from(await assemble(text));
	const at = Buffer.from(bytes).indexOf(Buffer.from(from));
	assert.ok(at > 0, "the sequence is there");
	bytes.set(to, at);
	return bytes;
}

test("legacy exceptions are refused by name", async () => {
	for (const [opcode, name] of [
		[0x06, "try"],
		[0x07, "catch"],
		[0x09, "rethrow"],
		[0x18, "delegate"],
		[0x19, "catch_all"],
	] as const) {
		const bytes = await patched("(module (func (loop)))", [0x03, 0x40, 0x0b], [opcode, 0x40, 0x0b]);
		assert.throws(() => meterCoreModule(bytes, { mode: "full" }), new RegExp(`it uses ${name}, of the legacy exception handling`));
	}
});

test("function, type and label indices of any encoded length are read alike", async () => {
	// 20,000 functions have indices of three bytes, 200 types and 200 blocks have indices of two.
	const functions = Array.from({ length: 20_000 }, (_, index) => `(func (result i32) (i32.const ${index}))`).join("");
	const types = Array.from({ length: 200 }, (_, index) => `(type (func (param ${"i64 ".repeat(index + 1)}) (result i32 i32)))`).join("");
	const deep = `${"(block ".repeat(200)}(br 199)${")".repeat(200)}`;
	const { original, metered } = await both(
		f(`${deep}(i32.add (call 63) (i32.add (call 64) (call 19999)))`, "i32", types + functions),
		"full",
	);
	assert.is(original, 63 + 64 + 19_999);
	assert.is(metered, original);
});

test("a call whose index is encoded in more bytes than needed still calls its function", async () => {
	const body = [0x00, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
	const bytes = Uint8Array.of(
		...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 3, 2, 0, 0],
		...[7, 5, 1, 1, 0x66, 0, 1, 10, 7 + body.length, 2, 4, 0, 0x41, 9, 0x0b, body.length, ...body],
	);
	for (const part of [bytes, meterCoreModule(bytes, { mode: "full" })]) {
		const { exports } = await webAssembly.instantiate(await webAssembly.compile(part), { [METER_NAME]: { check: () => 1, yield() {} } });
		assert.is(Reflect.apply(exports.f as () => unknown, undefined, []), 9);
	}
});

for (const [what, text, from, to] of [
	["function", "(module (func) (func (call 0)))", [0x10, 0, 0x0b], [0x10, 2, 0x0b]],
	["global", "(module (global (mut i32) (i32.const 0)) (func (global.set 0 (i32.const 9))))", [0x24, 0, 0x0b], [0x24, 1, 0x0b]],
	["type", "(module (table 1 funcref) (func (call_indirect (i32.const 0))))", [0x11, 0, 0], [0x11, 1, 0]],
] as const) {
	test(`a ${what} one past the end is refused: the index would reach a part of the meter`, async () => {
		const bytes = await patched(text, from, to);
		assert.throws(() => meterCoreModule(bytes, { mode: "full" }), /does not exist/);
	});
}

test("a module without code is returned as it is", async () => {
	const bytes = await assemble('(module (memory (export "m") 1) (table 1 funcref))');
	assert.is(meterCoreModule(bytes, { mode: "full" }), bytes);
});

test("a function with the most locals of V8 can be metered", async () => {
	const bytes = await assemble(`(module (func (local ${"i32 ".repeat(50_000)}) (loop)))`);
	await webAssembly.compile(bytes);
	await webAssembly.compile(meterCoreModule(bytes, { mode: "full" }));
});

test("a function near the largest size of V8 is refused when the checks make it too large", async () => {
	const body = Buffer.concat([Buffer.from([0]), Buffer.alloc(3 * 2_551_000, Buffer.from([0x03, 0x40, 0x0b])), Buffer.from([0x0b])]);
	const section = (id: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.from([id, ...padded(content.length)]), content]);
	const bytes = Buffer.concat([
		Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0]),
		section(10, Buffer.concat([Buffer.from([1, ...padded(body.length)]), body])),
	]);
	assert.throws(() => meterCoreModule(bytes, { mode: "full" }), /too large to be metered/);
});

function padded(value: number): number[] {
	return [0, 7, 14, 21].map((shift) => ((value >>> shift) & 0x7f) | (shift < 21 ? 0x80 : 0));
}

test("long code without loops or calls is checked at intervals on every path", async () => {
	const straight = "(global.set 0 (i32.add (global.get 0) (i32.const 1)))".repeat(1000);
	const detour = `(if (i32.const 0) (then ${"(nop)".repeat(200)}))`;
	const hidden = `${"(global.set 0 (i32.add (global.get 0) (i32.const 1)))".repeat(50)}${detour}`.repeat(40);
	const globals = "(global (mut i32) (i32.const 0))";
	for (const code of [straight, hidden]) {
		const { checks } = await both(f(`${code}(global.get 0)`, "i32", globals), "full");
		// The guest executes at least 14,000 bytes of instructions, and each unit stands for 512 of them. Every second unit asks `check`.
		assert.ok(checks >= 10, `${checks} checks`);
	}
});

test("a function is checked at its entry if it calls or is long, and a short leaf is not", async () => {
	const counted = async (body: string): Promise<number> => {
		const bytes = meterCoreModule(await assemble(`(module (func $g) (func (export "f") ${body}))`), { mode: "full" });
		let checks = 0;
		const check = (): number => {
			checks += 1;
			return 1;
		};
		const { exports } = await webAssembly.instantiate(await webAssembly.compile(bytes), { [METER_NAME]: { check, yield() {} } });
		// The counter of a new instance is zero: each check takes one unit, and the slow path sets it to one.
		for (let call = 0; call < 10; call++) Reflect.apply(exports.f as () => void, undefined, []);
		return checks;
	};
	assert.is(await counted(""), 0);
	assert.is(await counted("(nop)".repeat(100)), 0);
	assert.is(await counted("(nop)".repeat(200)), 5);
	assert.is(await counted("(call $g)"), 5);
	assert.is(await counted("(block (br_if 0 (i32.const 1)) (call $g))"), 5);
});

test("names of functions and locals move with the functions", async () => {
	const text = `(module $guest (import "host" "add" (func $imported (param i32 i32) (result i32)))
		(func $inner (param $value i32) (unreachable)) (func $outer (export "f") (call $inner (i32.const 1))))`;
	const bytes = meterCoreModule(await assemble(text), { mode: "full" });
	const module = await webAssembly.compile(bytes);
	const { exports } = await webAssembly.instantiate(module, { host: { add: () => 0 }, [METER_NAME]: { check: () => 9, yield() {} } });
	try {
		Reflect.apply(exports.f as () => void, undefined, []);
		assert.unreachable();
	} catch (error) {
		assert.match(error instanceof Error ? (error.stack ?? "") : "", /guest\.inner[\s\S]*guest\.outer/);
	}
	const { print } = await import("@bytecodealliance/jco");
	const printed = await print(bytes);
	assert.match(printed, /\(func \$inner .*\(param \$value i32\)/);
	assert.match(printed, "$spear.meter.check");
});

test("a name section that cannot be read does not matter", async () => {
	const bytes = await assemble("(module (func $a (loop)))");
	const at = Buffer.from(bytes).lastIndexOf("name") + 4;
	for (let cut = 0; at + cut < bytes.length; cut++) {
		const broken = Uint8Array.from(bytes);
		broken[at + cut] = 0xff;
		await webAssembly.compile(meterCoreModule(broken, { mode: "full" }));
	}
});

test.run();
