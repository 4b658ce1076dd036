import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import { ConsistentHash } from "../../../../src/router/load-balancing/policies/consistent-hash.ts";
import { hash32 } from "../../../../src/router/load-balancing/policies/hash.ts";
import { HashRing } from "../../../../src/router/load-balancing/policies/hash-ring.ts";
import { fakeInstance } from "../../../helpers/instances.ts";
import { contextOf, load, many, unfairness, weighing } from "./picking.ts";

const KEYS = Array.from({ length: 10_000 }, (_, index) => `session-${index}`);

function pickerOf(instances: readonly Instance[]): ConsistentHash {
	const picker = new ConsistentHash(instances);
	picker.update(instances);
	return picker;
}

/** The name of the instance that each key belongs to. */
function homes(instances: readonly Instance[]): (string | undefined)[] {
	const ring = new HashRing(instances);
	return KEYS.map((key) => ring.instanceAt(ring.pointOf(key))?.name);
}

/** Keys that belong to another instance than before. */
function moved(before: readonly (string | undefined)[], after: readonly (string | undefined)[]): [from: string, to: string][] {
	return before.flatMap((home, index) => (home === after[index] ? [] : [[home ?? "-", after[index] ?? "-"] as [string, string]]));
}

test("consistent hash picks the same instance for a key when the order of the instances differs", () => {
	const instances = many(5);
	const [one, other] = [pickerOf(instances), pickerOf([...instances].reverse())];
	for (const key of KEYS.slice(0, 200)) assert.is(one.pick(contextOf({ key })), other.pick(contextOf({ key })));
});

for (const count of [3, 10, 50]) {
	test(`consistent hash moves only the keys of an instance when it is removed from ${count}`, () => {
		const moves = moved(homes(many(count)), homes(many(count).filter(({ name }) => name !== "i1")));
		assert.ok(moves.length > 0 && moves.length <= (1.5 * KEYS.length) / count, `${moves.length} keys`);
		assert.equal([...new Set(moves.map(([from]) => from))], ["i1"]);
	});

	test(`consistent hash moves keys only to an instance when it is added to ${count}`, () => {
		const moves = moved(homes(many(count)), homes(many(count + 1)));
		assert.ok(moves.length > 0 && moves.length <= (1.5 * KEYS.length) / (count + 1), `${moves.length} keys`);
		assert.equal([...new Set(moves.map(([, to]) => to))], [`i${count}`]);
	});
}

test("consistent hash moves no key between other instances when one of another weight is added", () => {
	const heavy = fakeInstance("heavy", { weight: 5 });
	const moves = moved(homes(many(10)), homes([...many(10), heavy]));
	assert.equal([...new Set(moves.map(([, to]) => to))], ["heavy"]);
});

test("consistent hash gives instances keys in proportion to their weights", () => {
	const instances = weighing(5, 3, 1, 1);
	const names = homes(instances).map((name) => name ?? "-");
	assert.ok(unfairness(instances, names) < 0.05);
});

test("consistent hash returns the keys of an instance when it is usable again", () => {
	const picker = pickerOf(many(4));
	const home = (key: string, without: readonly string[] = []) => picker.pick(contextOf({ key, without }))?.name;
	const key = KEYS.find((each) => home(each) === "i2") ?? "";
	assert.is.not(home(key, ["i2"]), "i2");
	assert.is(home(key), "i2");
	for (const each of KEYS.slice(0, 200)) if (home(each) !== "i2") assert.is(home(each, ["i2"]), home(each));
});

test("consistent hash picks the next instance on the ring when the first is above the load bound", () => {
	const instances = many(4);
	const picker = pickerOf(instances);
	const key = "hot";
	const first = picker.pick(contextOf({ key }));
	load(first, 3);
	assert.is(picker.pick(contextOf({ key })), first);
	load(first, 1);
	const second = picker.pick(contextOf({ key }));
	assert.is.not(second, first);
	assert.is(picker.pick(contextOf({ key })), second);
});

test("consistent hash loads no instance above 1.25 times the average when all requests have one key", () => {
	const instances = many(5);
	const picker = pickerOf(instances);
	for (let i = 0; i < 1_000; i++) load(picker.pick(contextOf({ key: "hot" })), 1);
	assert.ok(Math.max(...instances.map(({ stats }) => stats.inFlight)) <= Math.ceil(1.25 * 200));
});

test("consistent hash picks the key's own instance when all are above the load bound", () => {
	const [only] = many(1);
	load(only, 1_000);
	assert.is(pickerOf(only === undefined ? [] : [only]).pick(contextOf({ key: "x" })), only);
});

test("consistent hash considers each instance once per pick", () => {
	const instances = weighing(2, 1, 1);
	load(instances[0], 80);
	for (const instance of instances.slice(1)) load(instance, 10);
	const picker = pickerOf(instances);
	for (const key of KEYS.slice(0, 100)) {
		const context = contextOf({ key });
		picker.pick(context);
		const names = context.compared.map(({ backend }) => backend);
		assert.equal(names, [...new Set(names)]);
	}
});

test("consistent hash picks no instance when none is usable", () => {
	assert.is(pickerOf(many(2)).pick(contextOf({ without: ["i0", "i1"] })), undefined);
	assert.is(pickerOf([]).pick(contextOf()), undefined);
});

test("a hash is a stable 32-bit integer that differs when a character is inserted", () => {
	fc.assert(
		fc.property(fc.string(), fc.nat({ max: 50 }), (text, at) => {
			const hash = hash32(text);
			assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32);
			assert.is(hash32(text), hash);
			assert.is.not(hash32(`${text.slice(0, at)}\u0001${text.slice(at)}`), hash);
		}),
	);
});

test.run();
