/** Guests run against generated bindings: values of every kind, resources of either side, and errors as exceptions. The official tool is the judge. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ComponentError, GuestError, SpearError } from "../../../src/component.ts";
import { bindingsOf, buildQuickJs, witDirectory } from "../../helpers/general-targets.ts";
import { instantiateByJco } from "../../helpers/transpiled.ts";

const test = suite("guests against bindings");

const WIT = `package test:shop@0.3.0;

interface types {
	enum colour { dark-red, blue }
	flags options { gift-wrapped, express }
	record item { name: string, count: option<u8>, note: option<option<string>>, colour: colour, options: options, parts: list<u64>, at: tuple<s64, f32> }
	variant entry { nothing, one(item), many(list<item>), code(char) }
}

interface store {
	use types.{item, entry};
	resource shelf {
		constructor(name: string);
		open: static func(name: string) -> result<shelf, entry>;
		put: func(key: string, value: u64);
		get: func(key: string) -> result<option<u64>, string>;
	}
	echo: func(entry: entry, bytes: list<u8>, floats: list<f64>) -> tuple<entry, list<u8>, list<f64>>;
	merge: func(into: shelf, other: borrow<shelf>) -> shelf;
	refuse: func(how: u32) -> result<_, item>;
	nested: func(value: result<u8, string>) -> result<result<u8, string>>;
}

interface counters {
	use types.{item, entry};
	use store.{shelf};
	resource counter {
		constructor(start: s32);
		parse: static func(text: string) -> result<counter, string>;
		add: func(by: s32) -> s32;
		describe: func() -> item;
	}
	newest: func(a: borrow<counter>, b: borrow<counter>) -> list<counter>;
	echo: func(entry: entry, bytes: list<u8>, floats: list<f64>) -> tuple<entry, list<u8>, list<f64>>;
	nested: func(value: result<u8, string>) -> result<result<u8, string>>;
	stock: func(name: string, other: shelf) -> result<u64, entry>;
	refused: func(how: u32) -> result<string, item>;
}

world shop {
	import store;
	import now: func() -> u64;
	import log: func(text: string);
	import inline: interface { twice: func(x: f64) -> f64; }
	export counters;
	export greet: func(name: string) -> result<string, string>;
	export letters: interface { upper: func(c: char) -> char; }
}
`;

const GUEST = `
import { Shelf, echo, merge, refuse, nested } from "test:shop/store@0.3.0";
import { twice } from "inline";

class Counter {
	constructor(start) { this.value = start; }
	static parse(text) {
		if (!/^\\d+$/.test(text)) throw "not a number: " + text;
		return new Counter(Number(text));
	}
	add(by) { this.value += by; return this.value; }
	describe() {
		return { name: "n" + this.value, count: 7, note: { tag: "some", val: null }, colour: "blue", options: { giftWrapped: true, express: false }, parts: [1, 2 ** 40], at: [-5, 1.5] };
	}
}

export const counters = {
	Counter,
	newest(a, b) { return [new Counter(a.value), new Counter(b.value + 1)]; },
	echo(entry, bytes, floats) { return echo(entry, bytes, floats); },
	nested(value) { return nested(value); },
	stock(name, other) {
		const mine = new Shelf(name);
		mine.put("k", 5);
		other.put("k", 7);
		const both = merge(mine, other);
		if (name === "closed") Shelf.open(name);
		return both.get("k");
	},
	refused(how) {
		try { refuse(how); } catch (error) { throw error.payload; }
		return "not refused";
	},
};
export const letters = { upper: (c) => c.toUpperCase() };
export function greet(name) {
	if (name === "") throw "nobody";
	if (name === "loop") for (;;);
	log("hello " + name);
	return name + " at " + now() + ", " + twice(1.5);
}
`;

type Answer<T> = T | Promise<T>;

interface Counter extends Disposable {
	add(by: number): Answer<number>;
	describe(): Answer<unknown>;
}

/** Exports of the guest, as the bindings and the official tool give them. */
interface Shop {
	readonly counters: {
		readonly Counter: { new (start: number): Counter; parse(text: string): Answer<Counter> };
		newest(a: Counter, b: unknown): Answer<Counter[]>;
		echo(...values: unknown[]): Answer<unknown>;
		nested(value: unknown): Answer<unknown>;
		stock(name: string, other: object): Answer<bigint>;
		refused(how: number): Answer<string>;
	};
	readonly letters: { upper(c: string): Answer<string> };
	greet(name: string): Answer<string>;
}

const directory = witDirectory(WIT);
const [bindings, component] = await Promise.all([bindingsOf<Shop>(directory, "shop"), buildQuickJs(directory, "shop", GUEST)]);

const ITEM = {
	name: "näil",
	count: undefined,
	note: { tag: "some", val: "soft" },
	colour: "dark-red",
	options: { giftWrapped: false, express: true },
	parts: new BigUint64Array([1n, 2n ** 52n]),
	at: [-(2n ** 40n), 0.5],
};
const ENTRIES = [
	{ tag: "nothing" },
	{ tag: "one", val: ITEM },
	{ tag: "many", val: [ITEM, { ...ITEM, note: { tag: "none" } }] },
	{ tag: "code", val: "🜁" },
];

function hostOf(log: string[], dropped: string[]) {
	class Shelf {
		readonly name: string;
		readonly values = new Map<string, bigint>();
		constructor(name: string) {
			this.name = name;
		}
		static open(name: string): Shelf {
			throw new ComponentError({ tag: "code", val: name.charAt(0) });
		}
		put(key: string, value: bigint): void {
			this.values.set(key, value);
		}
		get(key: string): bigint | undefined {
			if (key === "") throw new ComponentError("no key");
			return this.values.get(key);
		}
		[Symbol.dispose](): void {
			dropped.push(this.name);
		}
	}
	return {
		"test:shop/store": {
			Shelf,
			echo: (...values: unknown[]) => values,
			merge(into: Shelf, other: Shelf): Shelf {
				for (const [key, value] of other.values) into.values.set(key, value);
				return into;
			},
			refuse(how: number): void {
				if (how === 1) throw new ComponentError(ITEM);
				if (how === 2) throw ITEM;
				if (how === 3) throw new RangeError("a fault of the host");
			},
			nested: (value: unknown) => value,
		},
		now: () => 42n,
		log: (text: string) => {
			log.push(text);
		},
		inline: { twice: (x: number) => 2 * x },
	};
}

async function start(options: object = {}) {
	const log: string[] = [];
	const dropped: string[] = [];
	const guest = await bindings.instantiate(component, hostOf(log, dropped), options);
	return { guest, log, dropped };
}

/** What a call returns, or the payload of what it throws. The official tool may throw the payload itself. */
async function outcome(call: () => unknown): Promise<unknown> {
	try {
		return { value: await call() };
	} catch (error) {
		if (error instanceof Error && Object.hasOwn(error, "payload")) return { payload: Reflect.get(error, "payload") };
		if (error instanceof Error) throw error;
		return { payload: error };
	}
}

const CALLS: readonly (readonly [name: string, call: (guest: Shop) => unknown])[] = [
	...ENTRIES.map(
		(entry) =>
			[
				`echo ${entry.tag}`,
				(guest: Shop) => guest.counters.echo(entry, new Uint8Array([1, 255]), new Float64Array([0.1, -1e300])),
			] as const,
	),
	["nested ok", (guest) => guest.counters.nested({ tag: "ok", val: 3 })],
	["nested err", (guest) => guest.counters.nested({ tag: "err", val: "e" })],
	["bare function", (guest) => guest.greet("Ada")],
	["error of a bare function", (guest) => guest.greet("")],
	["inline interface", (guest) => guest.letters.upper("é")],
	["no refusal", (guest) => guest.counters.refused(0)],
	["refusal by an exception", (guest) => guest.counters.refused(1)],
	["refusal by the value itself", (guest) => guest.counters.refused(2)],
	[
		"constructor and methods",
		async (guest) => {
			const counter = new guest.counters.Counter(5);
			return [await counter.add(3), await counter.describe()];
		},
	],
	[
		"static function",
		async (guest) => {
			const counter = await guest.counters.Counter.parse("41");
			return [counter instanceof guest.counters.Counter, await counter.add(1)];
		},
	],
	["error of a static function", (guest) => guest.counters.Counter.parse("x")],
	[
		"list of resources",
		async (guest) => {
			const made = await guest.counters.newest(new guest.counters.Counter(1), new guest.counters.Counter(2));
			const values: number[] = [];
			for (const counter of made) values.push(await counter.add(0));
			return values;
		},
	],
];

test("the bindings compile under the project's own options", async () => {
	assert.is(await bindings.typeErrors(), "");
});

test("values of every kind cross both ways as the official tool passes them", async () => {
	const ours = await start();
	const log: string[] = [];
	const host = hostOf(log, []);
	const theirs = await instantiateByJco<Shop>(component, { ...host, now: { default: host.now }, log: { default: host.log } });
	for (const [name, call] of CALLS) {
		const mine = await outcome(() => call(ours.guest));
		const official = await outcome(() => call(theirs));
		assert.equal(normal(mine), normal(official), name);
	}
	assert.equal(ours.log, log);
	ours.guest[Symbol.dispose]();
});

/** Cases without a value have a member `val` or not, as the tool likes. */
function normal(value: unknown): unknown {
	if (ArrayBuffer.isView(value)) return value;
	if (Array.isArray(value)) return value.map(normal);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, member]) => member !== undefined)
			.map(([key, member]) => [key, normal(member)]),
	);
}

test("resources of the host are constructed, lent, given away and dropped; functions may be asynchronous", async () => {
	const log: string[] = [];
	const dropped: string[] = [];
	const host = hostOf(log, dropped);
	const { Shelf } = host["test:shop/store"];
	class SlowShelf extends Shelf {
		override async put(key: string, value: bigint): Promise<void> {
			await new Promise((resolve) => setTimeout(resolve, 1));
			super.put(key, value);
		}
	}
	const guest = await bindings.instantiate(component, { ...host, "test:shop/store": { ...host["test:shop/store"], Shelf: SlowShelf } });
	assert.is(await guest.counters.stock("mine", new SlowShelf("other")), 7n);
	assert.equal(await outcome(() => guest.counters.stock("closed", new SlowShelf("second"))), { payload: { tag: "code", val: "c" } });
	guest[Symbol.dispose]();
	assert.ok(dropped.includes("other"), dropped.join());
});

test("a promise of a function that is not written as asynchronous is told", async () => {
	const host = { ...hostOf([], []), now: () => Promise.resolve(1n) };
	const guest = await bindings.instantiate(component, host);
	try {
		await guest.greet("Ada");
		assert.unreachable();
	} catch (error) {
		assert.match(String(error), /the import now returned a promise: write it as an `async` function/);
	}
});

test("a fault of the host and a trap of the guest end the instance", async () => {
	const { guest } = await start();
	try {
		await guest.counters.refused(3);
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof RangeError || error instanceof GuestError, String(error));
	}
	try {
		await guest.greet("Ada");
		assert.unreachable();
	} catch (error) {
		assert.instance(error, SpearError);
		assert.match(String(error), /cannot be called any more/);
	}
});

test("a wrong argument is the caller's fault, and the instance goes on", async () => {
	const { guest } = await start();
	const other = await start();
	const counter = new guest.counters.Counter(1);
	const foreign = new other.guest.counters.Counter(1);
	for (const wrong of [foreign, {}, undefined]) {
		try {
			await guest.counters.newest(counter, wrong);
			assert.unreachable();
		} catch (error) {
			assert.match(String(error), /argument `b` of .*#newest must be a `test:shop.counters.counter` of this instance/);
		}
	}
	assert.is(await counter.add(1), 2);
	counter[Symbol.dispose]();
	counter[Symbol.dispose]();
	try {
		await counter.add(1);
		assert.unreachable();
	} catch (error) {
		assert.match(
			String(error),
			/argument `self` of .*#\[method\]counter.add must be a .*counter` of this instance that was not disposed of/,
		);
	}
	assert.is(await guest.letters.upper("a"), "A");
});

/** Message of the `TypeError` that a call ends in. */
async function typeErrorOf(call: () => unknown): Promise<string> {
	try {
		await call();
	} catch (error) {
		if (error instanceof TypeError) return error.message;
		throw error;
	}
	throw new Error("the call was to fail");
}

test("an argument of another type is refused by its path, and the guest goes on", async () => {
	const { guest } = await start();
	const { counters } = guest;
	const none = new Uint8Array();
	const floats = new Float64Array();
	const wrong: readonly (readonly [entry: unknown, message: string])[] = [
		[
			"many",
			'argument `entry` of test:shop/counters#echo must be an object whose `tag` is one of "nothing", "one", "many", "code"; got "many"',
		],
		[{ tag: "more" }, 'argument `entry.tag` of test:shop/counters#echo must be one of "nothing", "one", "many", "code"; got "more"'],
		[{ tag: "many", val: "text" }, 'argument `entry.val` of test:shop/counters#echo must be an array; got "text"'],
		[{ tag: "many", val: [ITEM, undefined] }, "argument `entry.val[1]` of test:shop/counters#echo must be an object; got undefined"],
		[
			{ tag: "one", val: { ...ITEM, count: 256 } },
			"argument `entry.val.count` of test:shop/counters#echo must be an integer from 0 to 255; got 256",
		],
		[
			{ tag: "one", val: { ...ITEM, parts: [1n] } },
			"argument `entry.val.parts` of test:shop/counters#echo must be a BigUint64Array; got an array of 1",
		],
		[
			{ tag: "one", val: { ...ITEM, at: [2n ** 63n, 0] } },
			"argument `entry.val.at[0]` of test:shop/counters#echo must be a bigint from -9223372036854775808 to 9223372036854775807; got 9223372036854775808n",
		],
		[
			{ tag: "one", val: { ...ITEM, options: { giftWrapped: 1 } } },
			"argument `entry.val.options.giftWrapped` of test:shop/counters#echo must be true, false or undefined; got 1",
		],
		[
			{ tag: "one", val: { ...ITEM, colour: "darkRed" } },
			'argument `entry.val.colour` of test:shop/counters#echo must be one of "dark-red", "blue"; got "darkRed"',
		],
		[{ tag: "code", val: "ab" }, 'argument `entry.val` of test:shop/counters#echo must be a string of one character; got "ab"'],
	];
	for (const [entry, message] of wrong) assert.is(await typeErrorOf(() => counters.echo(entry, none, floats)), message);
	assert.match(
		await typeErrorOf(() => counters.echo({ tag: "nothing" }, [1, 2], floats)),
		/argument `bytes` of .* must be a Uint8Array; got an array of 2$/,
	);
	assert.match(await typeErrorOf(() => Reflect.apply(counters.refused, undefined, [2 ** 32])), /argument `how` .* got 4294967296$/);
	assert.match(await typeErrorOf(() => Reflect.apply(counters.refused, undefined, [0.5])), /argument `how` .* got 0.5$/);
	assert.match(
		await typeErrorOf(() => Reflect.apply(guest.greet, undefined, [])),
		/argument `name` of greet must be a string; got undefined$/,
	);
	assert.match(
		await typeErrorOf(() => Reflect.construct(counters.Counter, ["5"])),
		/argument `start` of test:shop\/counters.counter must be an integer/,
	);
	assert.is(await guest.letters.upper("a"), "A");
});

test("an answer of another type is a fault of the host, named by its path, and ends the instance", async () => {
	const shop = hostOf([], []);
	const store = shop["test:shop/store"];
	const { Shelf } = store;
	const shelf = (get: () => unknown) =>
		class extends Shelf {
			override get(): bigint | undefined {
				return Object(get)();
			}
		};
	const stock = (guest: Shop): unknown => guest.counters.stock("mine", new Shelf("other"));
	const nested = (guest: Shop): unknown => guest.counters.nested({ tag: "ok", val: 1 });
	const cases: readonly (readonly [host: object, call: (guest: Shop) => unknown, message: string])[] = [
		[{ now: () => 5 }, (guest) => guest.greet("a"), "the answer of the import now must be a bigint from 0 to 18446744073709551615; got 5"],
		[
			{ now: () => 2n ** 65n },
			(guest) => guest.greet("a"),
			`the answer of the import now must be a bigint from 0 to 18446744073709551615; got ${2n ** 65n}n`,
		],
		[
			{ now: async () => -1n },
			(guest) => guest.greet("a"),
			"the answer of the import now must be a bigint from 0 to 18446744073709551615; got -1n",
		],
		[{ inline: { twice: () => "3" } }, (guest) => guest.greet("a"), 'the answer of the import inline#twice must be a number; got "3"'],
		[
			{ "test:shop/store": { ...store, Shelf: shelf(() => 2n ** 64n) } },
			stock,
			"the answer of the import test:shop/store#[method]shelf.get must be a bigint from 0 to 18446744073709551615; got 18446744073709551616n",
		],
		[
			{ "test:shop/store": { ...store, merge: () => undefined } },
			stock,
			"the answer of the import test:shop/store#merge must be an object of `test:shop/store.shelf`; got undefined",
		],
		[
			{ "test:shop/store": { ...store, nested: () => ({ tag: "ok", val: 256 }) } },
			nested,
			"the answer of the import test:shop/store#nested: `val` must be an integer from 0 to 255; got 256",
		],
		[
			{
				"test:shop/store": {
					...store,
					refuse: () => {
						throw new ComponentError({ ...ITEM, name: null });
					},
				},
			},
			(guest) => guest.counters.refused(1),
			"the error of the import test:shop/store#refuse: `payload.name` must be a string; got null",
		],
	];
	for (const [part, call, message] of cases) {
		const guest = await bindings.instantiate(component, { ...shop, ...part });
		assert.is(await typeErrorOf(() => call(guest)), message);
		try {
			await guest.greet("Ada");
			assert.unreachable();
		} catch (error) {
			assert.match(String(error), /cannot be called any more/);
		}
	}
});

test("an instance runs one call at a time, within the limits of a call, until it is disposed of", async () => {
	const { guest } = await start({ callLimits: { cpuMs: 200 } });
	const first = guest.greet("Ada");
	try {
		await guest.greet("Grace");
		assert.unreachable();
	} catch (error) {
		assert.match(String(error), /was called while .*greet of the same instance runs/);
	}
	assert.is(await first, "Ada at 42, 3");
	try {
		await guest.greet("loop");
		assert.unreachable();
	} catch (error) {
		assert.instance(error, GuestError);
		assert.is(Reflect.get(Object(error), "failure"), "over_budget");
	}
	const next = await start();
	next.guest[Symbol.dispose]();
	try {
		await next.guest.greet("Ada");
		assert.unreachable();
	} catch (error) {
		assert.match(String(error), /it was disposed of/);
	}
});

test("a component of another world is refused by name", async () => {
	const narrow = await bindingsOf(witDirectory("package test:other;\nworld other { export greet: func(name: string) -> u32; }\n"), "other");
	try {
		await narrow.instantiate(component, {});
		assert.unreachable();
	} catch (error) {
		assert.instance(error, SpearError);
		assert.match(String(error), /imports what this host does not offer: test:shop\/store@0\.3\.0/);
	}
	const { now: _, ...without } = hostOf([], []);
	try {
		await bindings.instantiate(component, without);
		assert.unreachable();
	} catch (error) {
		assert.match(String(error), /does not implement: \$root: now/);
	}
});

test.run();
