/** Resources that a guest implements, passed back to it: lent, and given away. The guest is a core module that knows its handles. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { componentOfCore } from "../../helpers/component-of-core.ts";
import { bindingsOf, witDirectory } from "../../helpers/general-targets.ts";
import { instantiateByJco } from "../../helpers/transpiled.ts";

const test = suite("resources of the guest as arguments");

const WIT = `package test:store;

interface things {
	resource thing {
		constructor(value: s32, like: option<borrow<thing>>);
		value: func() -> s32;
		absorb: func(other: thing);
	}
	close: func(thing: thing) -> s32;
	difference: func(a: borrow<thing>, b: borrow<thing>) -> s32;
	sum: func(things: list<thing>, also: borrow<thing>) -> s32;
	keep: func(thing: thing);
	give-back: func() -> option<thing>;
	get-URL-count: func(max-URL: u8) -> u32;
}

world owner {
	export things;
}
`;

/** A representation is a place in memory with the value. The guest counts the destructions in \`$dropped\`. */
const CORE = `(module
	(import "[export]test:store/things" "[resource-new]thing" (func $new (param i32) (result i32)))
	(import "[export]test:store/things" "[resource-rep]thing" (func $rep (param i32) (result i32)))
	(import "[export]test:store/things" "[resource-drop]thing" (func $drop (param i32)))
	(memory (export "memory") 1)
	(global $next (mut i32) (i32.const 1024))
	(global $dropped (mut i32) (i32.const 0))
	(global $kept (mut i32) (i32.const 0))
	(func $consume (param $handle i32) (result i32)
		(local $value i32)
		(local.set $value (i32.load (call $rep (local.get $handle))))
		(call $drop (local.get $handle))
		(local.get $value))
	(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
		(global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
		(global.get $next)
		(global.set $next (i32.add (global.get $next) (local.get 3))))
	(func (export "test:store/things#[constructor]thing") (param $value i32) (param $has i32) (param $like i32) (result i32)
		(local $at i32)
		(local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
		(global.set $next (i32.add (local.get $at) (i32.const 8)))
		(if (local.get $has) (then (local.set $value (i32.add (local.get $value) (i32.load (local.get $like))))))
		(i32.store (local.get $at) (local.get $value))
		(call $new (local.get $at)))
	(func (export "test:store/things#[dtor]thing") (param i32)
		(i32.store (local.get 0) (i32.const -1))
		(global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
	(func (export "test:store/things#[method]thing.value") (param i32) (result i32) (i32.load (local.get 0)))
	(func (export "test:store/things#[method]thing.absorb") (param i32 i32)
		(i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (call $consume (local.get 1)))))
	(func (export "test:store/things#close") (param i32) (result i32) (call $consume (local.get 0)))
	(func (export "test:store/things#difference") (param i32 i32) (result i32)
		(i32.sub (i32.load (local.get 0)) (i32.load (local.get 1))))
	(func (export "test:store/things#sum") (param $at i32) (param $count i32) (param $also i32) (result i32)
		(local $sum i32)
		(local.set $sum (i32.load (local.get $also)))
		(loop $each
			(if (local.get $count) (then
				(local.set $sum (i32.add (local.get $sum) (call $consume (i32.load (local.get $at)))))
				(local.set $at (i32.add (local.get $at) (i32.const 4)))
				(local.set $count (i32.sub (local.get $count) (i32.const 1)))
				(br $each))))
		(local.get $sum))
	(func (export "test:store/things#keep") (param i32) (global.set $kept (local.get 0)))
	(func (export "test:store/things#give-back") (result i32)
		(i32.store (i32.const 8) (i32.ne (global.get $kept) (i32.const 0)))
		(i32.store (i32.const 12) (global.get $kept))
		(global.set $kept (i32.const 0))
		(i32.const 8))
	(func (export "test:store/things#get-URL-count") (param i32) (result i32) (i32.add (global.get $dropped) (local.get 0))))`;

type Answer<T> = T | Promise<T>;

interface Thing extends Disposable {
	value(): Answer<number>;
	absorb(other: Thing): Answer<void>;
}

interface Things {
	readonly Thing: new (value: number, like: Thing | undefined) => Thing;
	close(thing: Thing): Answer<number>;
	difference(a: Thing, b: Thing): Answer<number>;
	sum(things: readonly Thing[], also: Thing): Answer<number>;
	keep(thing: Thing): Answer<void>;
	giveBack(): Answer<Thing | undefined>;
	getUrlCount(maxUrl: number): Answer<number>;
}

interface Owner {
	readonly things: Things;
}

const directory = witDirectory(WIT);
const bindings = await bindingsOf<Owner>(directory, "owner");
const component = await componentOfCore(CORE, WIT, "owner");

/** Passes resources in every way, and returns what each call answers. */
async function passAll({ Thing, close, difference, sum, keep, giveBack, getUrlCount }: Things): Promise<unknown[]> {
	const a = new Thing(1, undefined);
	const b = new Thing(20, a);
	const seen: unknown[] = [await a.value(), await b.value(), await difference(b, a), await difference(a, a)];
	await b.absorb(new Thing(300, b));
	seen.push(await b.value(), await sum([], b), await sum([new Thing(5, undefined), a], b), await getUrlCount(0));
	await keep(b);
	const back = await giveBack();
	seen.push(await back?.value(), (await giveBack()) === undefined, back instanceof Thing);
	if (back !== undefined) seen.push(await close(back));
	return [...seen, await getUrlCount(100)];
}

const ANSWERS = [1, 21, 20, 0, 342, 342, 348, 3, 342, true, true, 342, 104];

test("the bindings compile", async () => {
	assert.is(await bindings.typeErrors(), "");
});

test("the guest is lent its own resources, and given them, as by the official tool", async () => {
	using guest = await bindings.instantiate(component, {});
	assert.equal(await passAll(guest.things), ANSWERS);
	assert.equal(await passAll((await instantiateByJco<Owner>(component, {})).things), ANSWERS);
});

test("an object that was given away or disposed of serves no more, and a call with a wrong object gives nothing away", async () => {
	using guest = await bindings.instantiate(component, {});
	using other = await bindings.instantiate(component, {});
	const { Thing, close, difference, sum, getUrlCount } = guest.things;
	const [a, b] = [new Thing(1, undefined), new Thing(2, undefined)];
	const refused = async (call: () => unknown, argument: string): Promise<void> => {
		try {
			await call();
			assert.unreachable();
		} catch (error) {
			assert.instance(error, TypeError);
			const wanted = "must be a `test:store/things.thing` of this instance that was not disposed of or given away";
			assert.match(String(error), `argument \`${argument} ${wanted}; got an object`);
		}
	};
	await refused(() => sum([a, b, a], b), "things[2]` of test:store/things#sum");
	await refused(() => sum([b], b), "also` of test:store/things#sum");
	await refused(() => a.absorb(a), "other` of test:store/things#[method]thing.absorb");
	await refused(() => sum([a], new other.things.Thing(1, undefined)), "also` of test:store/things#sum");
	assert.is(await getUrlCount(0), 0);
	assert.is(await sum([a], b), 3);
	await refused(() => close(a), "thing` of test:store/things#close");
	await refused(() => a.value(), "self` of test:store/things#[method]thing.value");
	await refused(() => difference(b, a), "b` of test:store/things#difference");
	await refused(async () => new Thing(1, a), "like` of test:store/things.thing");
	a[Symbol.dispose]();
	assert.is(await getUrlCount(0), 1);
	b[Symbol.dispose]();
	b[Symbol.dispose]();
	await refused(() => close(b), "thing` of test:store/things#close");
	assert.is(await getUrlCount(0), 2);
});

test.run();
