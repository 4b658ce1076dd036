/** Guests that break rules of the canonical ABI on purpose, each beside a guest that keeps them. */
import * as assert from "uvu/assert";
import type { ImportObject } from "../../src/abi/component/import-object.ts";
import { loadComponent } from "../../src/abi/component/load.ts";
import type { LoadedComponent } from "../../src/abi/component/loaded-component.ts";
import type { ComponentOutcome } from "../../src/abi/component/run-outcome.ts";
import type { GuestRunLimits } from "../../src/abi/guest-module.ts";
import { componentOfCore } from "./component-of-core.ts";
import { type GeneratedLowering, generateLowering } from "./generated-lowering.ts";

const names = (count: number, prefix: string): string => Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(", ");

export const HOSTILE_WIT = `
package test:host@1.0.0;

interface api {
	resource door { constructor(n: u32); knock: func() -> u32; }
	resource window;
	enum color { red, green, blue }
	enum wide { ${names(300, "w")} }
	variant shape { circle(f32), square(u64), nothing }
	flags perms { read, write, run }
	record hundred { ${Array.from({ length: 100 }, (_, index) => `text${index}: string`).join(", ")} }
	variant run-error { failed(string) }
	record step { text: string, next: list<string> }

	text: func(s: string);
	texts: func(l: list<string>);
	bytes: func(l: list<u8>);
	halves: func(l: list<u16>);
	longs: func(l: list<u64>);
	steps: func(l: list<step>);
	hundred-texts: func(r: hundred);
	pick: func(c: color);
	picks: func(l: list<color>);
	pick-wide: func(c: wide);
	pick-wides: func(l: list<wide>);
	draw: func(s: shape);
	draws: func(l: list<shape>);
	maybe: func(o: option<u32>);
	maybes: func(l: list<option<u8>>);
	report: func(r: result<u32, string>);
	reports: func(l: list<result<u8, u8>>);
	letter: func(c: char);
	letters: func(l: list<char>);
	allow: func(p: perms) -> u32;
	allows: func(l: list<perms>) -> u32;
	truth: func(b: bool) -> u32;
	truths: func(l: list<bool>) -> u32;

	make: func() -> own<door>;
	make-window: func() -> own<window>;
	give: func(d: own<door>);
	give-all: func(l: list<own<door>>);
	maybe-give: func(o: option<own<door>>);
	lend: func(d: borrow<door>);
	lend-all: func(l: list<borrow<door>>);
	trade: func(lent: borrow<door>, given: own<door>);
	trade-late: func(given: own<door>, lent: borrow<door>);

	greeting: func() -> string;
	names: func() -> list<string>;
	page: func(size: u32) -> list<u8>;
	numbers: func() -> list<u64>;
	pair: func() -> tuple<u32, u64>;
	fails: func();
	nonsense: func() -> color;
	/// Waits.
	///
	/// @blocking
	wait: func() -> u32;
	/// Waits and rejects.
	///
	/// @blocking
	wait-fails: func() -> u32;
}

world w {
	import api;
	use api.{run-error};
	export run: func(input: string) -> result<string, run-error>;
}
`;

/** Core types of the host's functions: parameters and result. */
const SIGNATURES: Readonly<Record<string, string>> = {
	text: "(param i32 i32)",
	texts: "(param i32 i32)",
	bytes: "(param i32 i32)",
	halves: "(param i32 i32)",
	longs: "(param i32 i32)",
	steps: "(param i32 i32)",
	"hundred-texts": "(param i32)",
	pick: "(param i32)",
	picks: "(param i32 i32)",
	"pick-wide": "(param i32)",
	"pick-wides": "(param i32 i32)",
	draw: "(param i32 i64)",
	draws: "(param i32 i32)",
	maybe: "(param i32 i32)",
	maybes: "(param i32 i32)",
	report: "(param i32 i32 i32)",
	reports: "(param i32 i32)",
	letter: "(param i32)",
	letters: "(param i32 i32)",
	allow: "(param i32) (result i32)",
	allows: "(param i32 i32) (result i32)",
	truth: "(param i32) (result i32)",
	truths: "(param i32 i32) (result i32)",
	make: "(result i32)",
	"make-window": "(result i32)",
	give: "(param i32)",
	"give-all": "(param i32 i32)",
	"maybe-give": "(param i32 i32)",
	lend: "(param i32)",
	"lend-all": "(param i32 i32)",
	trade: "(param i32 i32)",
	"trade-late": "(param i32 i32)",
	greeting: "(param i32)",
	names: "(param i32)",
	page: "(param i32 i32)",
	numbers: "(param i32)",
	pair: "(param i32)",
	fails: "",
	nonsense: "(result i32)",
	wait: "(result i32)",
	"wait-fails": "(result i32)",
	"[constructor]door": "(param i32) (result i32)",
	"[method]door.knock": "(param i32) (result i32)",
	"[resource-drop]door": "(param i32)",
	"[resource-drop]window": "(param i32)",
};

/** Allocates upwards from 128 KiB, and grows the memory if needed. */
const HONEST_REALLOC = `
	(global $heap (mut i32) (i32.const 131072))
	(func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
		(local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
		(global.set $heap (i32.add (local.get $at) (local.get 3)))
		(if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
			(then (drop (memory.grow (i32.add (i32.shr_u (local.get 3) (i32.const 16)) (i32.const 1))))))
		(local.get $at))`;

export interface GuestText {
	/** Functions of the host that the guest imports, with their names as \`$name\`. */
	readonly calls?: readonly string[];
	/** Body of \`run\`, before the answer. */
	readonly run: string;
	/** Further fields of the core module. */
	readonly fields?: string;
	/** The allocator. The default is an honest one. */
	readonly realloc?: string;
	/** The memory. The default has three pages. */
	readonly memory?: string;
}

/** Returns the core module of a guest that answers \`ok\` after the body of \`run\`. */
export function guestCore({
	calls = [],
	run,
	fields = "",
	realloc = HONEST_REALLOC,
	memory = '(memory (export "memory") 3)',
}: GuestText): string {
	const imports = calls.map(
		(name) => `(import "test:host/api@1.0.0" "${name}" (func $${name.replace(/[[\]]/g, "_")} ${SIGNATURES[name]}))`,
	);
	return `(module
		${imports.join("\n")}
		${memory}
		(data (i32.const 16) "ok")
		${realloc}
		${fields}
		(func $answer (result i32)
			(i32.store8 (i32.const 32) (i32.const 0)) (i32.store (i32.const 36) (i32.const 16)) (i32.store (i32.const 40) (i32.const 2))
			(i32.const 32))
		(func $run (export "run") (param $input i32) (param $length i32) (result i32) (local $a i32) (local $b i32) (local $n i32)
			${run}
			(call $answer)))`;
}

class Door {
	knock(): number {
		return 1;
	}
}
class Window {}

/** The host of these guests, which records each call. */
export interface HostileHost {
	readonly imports: ImportObject;
	readonly received: [name: string, ...values: unknown[]][];
	/** Answers all calls of \`wait\`, and those that follow. */
	release(): void;
}

/** @param maxPage Bytes that the host allocates for a page at most. */
export function hostileHost(maxPage = 2 ** 32): HostileHost {
	const received: [string, ...unknown[]][] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	const records = (name: string, answer?: unknown): [string, (...values: unknown[]) => unknown] => {
		const member = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
		return [
			member,
			(...values) => {
				received.push([name, ...values]);
				return typeof answer === "function" ? answer(...values) : answer;
			},
		];
	};
	const plain = Object.keys(SIGNATURES).filter((name) => !name.startsWith("["));
	const answers: Readonly<Record<string, unknown>> = {
		allow: (value: object) => Object.values(value).filter(Boolean).length,
		allows: (values: object[]) => values.length,
		truth: (value: unknown) => (value === true ? 1 : value === false ? 0 : 99),
		truths: (values: unknown[]) => values.filter((value) => value === true).length,
		make: () => new Door(),
		makeWindow: () => new Window(),
		greeting: "hello, guest",
		names: ["one", "two", "three"],
		page: (size: number) => new Uint8Array(Math.min(size, maxPage)),
		numbers: new BigUint64Array([1n, 2n]),
		pair: [1, 2n],
		nonsense: "purple",
		fails: () => {
			throw new Error("the host's own fault");
		},
		wait: () => promise.then(() => 7),
		waitFails: () => promise.then(() => Promise.reject(new Error("the host's own late fault"))),
	};
	const functions = plain.map((name) => {
		const [member, record] = records(name);
		const answer = answers[member];
		return [member, answer === undefined ? record : records(name, answer)[1]] as const;
	});
	return {
		imports: { "test:host/api": { ...Object.fromEntries(functions), Door, Window } },
		received,
		release: () => resolve(),
	};
}

let lowering: Promise<GeneratedLowering> | undefined;

/** Loads a component that imports the host of these guests. */
export async function loadHostile(component: Uint8Array, maxMemoryBytes?: number): Promise<LoadedComponent> {
	lowering ??= generateLowering(HOSTILE_WIT);
	return loadComponent(component, { ...(await lowering), ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }) });
}

export async function loadGuest(text: GuestText, maxMemoryBytes?: number): Promise<LoadedComponent> {
	return loadHostile(await componentOfCore(guestCore(text), HOSTILE_WIT, "w"), maxMemoryBytes);
}

let bystander: Promise<LoadedComponent> | undefined;

/** Runs what a guest does while another guest waits for the host. The other one must go on, and answer. */
export async function besideAnother<T>(act: (host: HostileHost) => Promise<T>): Promise<T> {
	bystander ??= loadGuest({ calls: ["wait", "greeting"], run: "(drop (call $wait)) (call $greeting (i32.const 64))" });
	const peaceful = hostileHost();
	const other = await (await bystander).instantiate(peaceful.imports);
	const answer = other.run("in peace");
	const acted = await act(hostileHost());
	peaceful.release();
	assert.equal(await answer, { ok: "ok" }, "the guest beside it");
	assert.equal(await other.run("again"), { ok: "ok" }, "the guest beside it, again");
	return acted;
}

export interface HostileRun {
	readonly outcome: ComponentOutcome;
	readonly host: HostileHost;
}

/** Longest CPU time and deadline of these runs, in milliseconds. */
const LIMITS: GuestRunLimits = { cpuMs: 300, timeoutMs: 5_000 };

/** Runs a guest beside another one. */
export async function runBeside(text: GuestText, limits: GuestRunLimits = LIMITS): Promise<HostileRun> {
	const loaded = await loadGuest(text);
	return besideAnother(async (host) => {
		const instance = await loaded.instantiate(host.imports);
		if (text.calls?.some((name) => name.startsWith("wait"))) host.release();
		return { outcome: await instance.run("x", limits), host };
	});
}

/** Runs a guest, and asserts that it ends by a fault of its own with a message, and that the same instance cannot run again. */
export async function endsWith(text: GuestText, message: string | RegExp, kind = "trap"): Promise<HostileHost> {
	const { outcome, host } = await runBeside(text);
	assert.ok("trap" in outcome, `it went on: ${JSON.stringify(outcome)}`);
	assert.match(outcome.trap.message, message);
	assert.is(outcome.trap.kind, kind, outcome.trap.message);
	return host;
}
