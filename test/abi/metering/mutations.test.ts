/** Mutations of real core modules: the metered module is valid if and only if the original is, or the metering refuses it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { meterCoreModule } from "../../../src/abi/metering/meter-core-module.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { type Random, seededRandom } from "../../../src/time/random.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { assemble, buildTestGuest } from "../../helpers/guest.ts";

/** Most bytes of a module that is mutated often. The engine of 1.6 MB takes 50 ms to validate, so it is mutated a few times. */
const SMALL_BYTES = 50_000;

/** Mutations of all small modules together, and of each large one. */
const SMALL = isFullRun ? 10_000 : 2_000;
const LARGE = isFullRun ? 60 : 5;

/** Uses most kinds of sections and instructions, because a mutation seldom makes a valid one of another kind. */
const DENSE = `(module $dense
	(import "h" "f" (func $f (param i32) (result i32)))
	(import "h" "g" (global $ig i32))
	(type $t (func (param i32) (result i32)))
	(table $tab 4 8 funcref) (table $ext 2 externref) (memory 1 4)
	(tag $e (param i32))
	(global $m (mut i32) (i32.const 5)) (global $r (mut funcref) (ref.func $a)) (global i64 (i64.const 7))
	(export "a" (func $a)) (export "mem" (memory 0)) (export "m" (global $m)) (export "tab" (table $tab))
	(start $s)
	(elem (table $tab) (i32.const 0) func $a $b) (elem $p func $a) (elem $x funcref (ref.func $b) (ref.null func)) (elem declare func $s)
	(data (i32.const 3) "abc") (data $d "passive")
	(func $s (loop $l (global.set $m (i32.sub (global.get $m) (i32.const 1))) (br_if $l (i32.gt_s (global.get $m) (i32.const 0)))))
	(func $a (type $t) (local i64 f64 f32 v128)
		(if (result i32) (local.get 0) (then (return_call $f (i32.const 1))) (else (call_indirect $tab (type $t) (i32.const 3) (i32.const 1)))))
	(func $b (type $t) (local $x i32)
		(block $c (drop (block $h (result i32) (try_table (result i32) (catch $e $h) (catch_all $c) (drop (call $a (local.get 0))) (throw $e (i32.const 4))))))
		(memory.init $d (i32.const 0) (i32.const 0) (i32.const 2)) (memory.copy (i32.const 0) (i32.const 1) (i32.const 2))
		(table.init $tab $p (i32.const 0) (i32.const 0) (i32.const 1)) (table.fill $ext (i32.const 0) (ref.null extern) (i32.const 1))
		(local.set $x (select (result i32) (i32.const 1) (i32.const 2) (ref.is_null (table.get $tab (i32.const 0)))))
		(drop (i32x4.extract_lane 1 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i32x4 1 2 3 4) (v128.load offset=4 (i32.const 0)))))
		(drop (i32.trunc_sat_f64_s (f64.const 2))) (drop (memory.grow (i32.const 0))) (drop (f32.sqrt (f32.const 2)))
		(block (block (br_table 0 1 0 (local.get $x)))) (i32.const 9)))`;

const validate: unknown = Reflect.get(webAssembly, "validate");

function isValid(bytes: Uint8Array): boolean {
	return Reflect.apply(validate as (bytes: Uint8Array) => boolean, webAssembly, [bytes]);
}

/** Changes a few bytes, most of them a little; or removes, repeats or cuts a range. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
	const at = (): number => 8 + Math.floor(random() * (bytes.length - 8));
	const kind = random();
	const start = at();
	const end = Math.min(bytes.length, start + 1 + Math.floor(random() * 4));
	if (kind < 0.05) return bytes.slice(0, start);
	if (kind < 0.1) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
	if (kind < 0.15) return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
	const mutated = Uint8Array.from(bytes);
	for (let count = 1 + Math.floor(random() * 2); count > 0; count--) {
		const place = at();
		const old = mutated[place] ?? 0;
		const change = random();
		mutated[place] =
			change < 0.4 ? old + 1 : change < 0.6 ? old - 1 : change < 0.8 ? old ^ (1 << Math.floor(random() * 8)) : random() * 256;
	}
	return mutated;
}

const tally = { valid: 0, invalid: 0 };

/** Valid modules that the metering refuses: instructions and types outside of what this host accepts. */
const REFUSALS =
	/legacy exception handling|garbage-collected|table with an initial value|64-bit|memory\.atomic\.wait|reserved for the host/;

/** Compares the validity of a module with that of the metered one. */
function compare(bytes: Uint8Array, what: string): void {
	const before = isValid(bytes);
	let metered: Uint8Array;
	try {
		metered = meterCoreModule(bytes, { mode: "full" });
	} catch (error) {
		assert.ok(error instanceof SpearError && error.code === "invalid_request", `${what}: ${String(error)}`);
		if (before) assert.match(error.message, REFUSALS, what);
		return;
	}
	if (before) tally.valid += 1;
	else tally.invalid += 1;
	assert.is(isValid(metered), before, `${what}: the original is ${before ? "valid" : "invalid"}, and the metered one is the opposite`);
}

async function realModules(): Promise<Map<string, Uint8Array>> {
	const { prepared } = await buildTestGuest("export function run(input) { return input; }");
	const files = readdirSync(prepared).filter((name) => name.endsWith(".wasm"));
	return new Map(files.map((name) => [name, readFileSync(join(prepared, name))]));
}

const modules = await realModules();
modules.set("dense", await assemble(DENSE));

test("real modules are valid when metered", () => {
	assert.ok(modules.size >= 4, "a QuickJS component has several core modules");
	for (const [name, bytes] of modules) {
		assert.ok(isValid(bytes), name);
		for (const mode of ["full", "loops"] as const) assert.ok(isValid(meterCoreModule(bytes, { mode })), `${name} ${mode}`);
	}
});

test("mutated modules are valid when metered if and only if they were valid, or are refused", () => {
	const random = seededRandom(12);
	const small = [...modules].filter(([, bytes]) => bytes.length <= SMALL_BYTES);
	const large = [...modules].filter(([, bytes]) => bytes.length > SMALL_BYTES);
	for (const [name, bytes] of small)
		for (let each = 0; each < SMALL / small.length; each++) compare(mutate(bytes, random), `${name}, mutation ${each}`);
	for (const [name, bytes] of large) for (let each = 0; each < LARGE; each++) compare(mutate(bytes, random), `${name}, mutation ${each}`);
	assert.ok(tally.valid > SMALL / 10, `${tally.valid} valid mutations`);
	assert.ok(tally.invalid > SMALL / 100, `${tally.invalid} invalid mutations that were not refused`);
});

test.run();
