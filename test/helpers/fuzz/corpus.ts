import { readFile, writeFile } from "node:fs/promises";
import { cliGuest } from "../cli-guest.ts";
import { componentOfCore } from "../component-of-core.ts";
import { assemble } from "../guest.ts";
import { EXITS, joinedBy, plainComponent, repeatedModule, WAITS, writesLines } from "../guest-components.ts";
import { guestCore, HOSTILE_WIT } from "../hostile-guest.ts";
import { NESTED_GUESTS } from "../nested-guests.ts";

export interface Seed {
	readonly name: string;
	readonly bytes: Uint8Array;
	/** True for a component of more than a megabyte, which is mutated less often. */
	readonly large: boolean;
	/** World of the component: the project's own, or that of the tests of hostile guests. */
	readonly world: "spear" | "test";
}

const USES_MUCH = guestCore({
	calls: ["text", "texts", "greeting", "names", "make", "lend", "give", "trade", "draw", "page", "pair", "wait", "[resource-drop]door"],
	fields: '(data (i32.const 256) "\\00\\01\\00\\00\\04\\00\\00\\00") (func (export "cabi_post_run") (param i32))',
	run: `(call $text (i32.const 16) (i32.const 2)) (call $texts (i32.const 256) (i32.const 1))
		(call $greeting (i32.const 64)) (call $names (i32.const 64)) (call $pair (i32.const 64)) (call $page (i32.const 100) (i32.const 64))
		(local.set $a (call $make)) (call $lend (local.get $a)) (local.set $b (call $make))
		(call $trade (local.get $a) (local.get $b)) (call $_resource-drop_door (local.get $a))
		(call $draw (i32.const 1) (i64.const 5)) (drop (call $wait))
		(loop $again (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100))))`,
});

const CATCHES = guestCore({
	calls: ["text", "fails"],
	fields: "(tag $t (param i32))",
	run: `(block $caught (try_table (catch_all $caught) (throw $t (i32.const 1))))
		(block $caught (try_table (catch_all $caught) (call $fails)))`,
});

/** Valid components. What they import are the hosts of the tests, and WASI. */
export async function corpus(): Promise<readonly Seed[]> {
	const texts: readonly [string, string][] = [
		["plain", plainComponent("(call $answer)")],
		["exits", EXITS],
		["waits", WAITS],
		["writes", writesLines(3)],
		["repeated", repeatedModule(3, "(memory 1) (table 1 funcref)")],
		["joined", joinedBy("f")],
		...Object.entries(NESTED_GUESTS),
	];
	const small = await Promise.all(
		texts.map(async ([name, text]) => ({ name, bytes: await assemble(text), large: false, world: "spear" as const })),
	);
	const made = [
		{ name: "hostcalls", bytes: await componentOfCore(USES_MUCH, HOSTILE_WIT, "w"), large: false, world: "test" as const },
		{ name: "exceptions", bytes: await componentOfCore(CATCHES, HOSTILE_WIT, "w"), large: false, world: "test" as const },
	];
	const { component } = await cliGuest();
	return [...small, ...made, { name: "quickjs", bytes: await readFile(component), large: true, world: "spear" as const }];
}

/** Writes seeds to a file, for processes without the compiler of guests. */
export async function writeSeeds(path: string, seeds: readonly Seed[]): Promise<void> {
	await writeFile(path, JSON.stringify(seeds.map((each) => ({ ...each, bytes: Buffer.from(each.bytes).toString("base64") }))));
}

/** Reads seeds that this process's parent wrote. */
export async function readSeeds(path: string): Promise<readonly Seed[]> {
	const seeds: { name: string; bytes: string; large: boolean; world: Seed["world"] }[] = JSON.parse(await readFile(path, "utf8"));
	return seeds.map((each) => ({ ...each, bytes: Uint8Array.from(Buffer.from(each.bytes, "base64")) }));
}
