import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FairQueue } from "../../src/collections/fair-queue.ts";

/** Takes everything, in the order in which it is served. */
function drain(queue: FairQueue<string>, isEligible: (owner: string) => boolean = () => true): string[] {
	const taken: string[] = [];
	for (let item = queue.take(isEligible); item !== undefined; item = queue.take(isEligible)) taken.push(item);
	return taken;
}

function filled(...items: readonly (readonly [owner: string, item: string])[]): FairQueue<string> {
	const queue = new FairQueue<string>();
	for (const [owner, item] of items) queue.add(owner, item);
	return queue;
}

test("owners are served in turn, and the items of one owner in order", () => {
	assert.equal(drain(filled(["a", "a1"], ["a", "a2"], ["a", "a3"], ["b", "b1"], ["c", "c1"], ["b", "b2"])), [
		"a1",
		"b1",
		"c1",
		"a2",
		"b2",
		"a3",
	]);
});

test("an owner that is not eligible keeps its items and its turn", () => {
	const queue = filled(["a", "a1"], ["b", "b1"], ["b", "b2"]);
	assert.equal(
		drain(queue, (owner) => owner === "b"),
		["b1", "b2"],
	);
	assert.is(queue.size, 1);
	assert.equal(drain(queue), ["a1"]);
});

test("a removed item is not served", () => {
	const queue = filled(["a", "a1"], ["a", "a2"]);
	assert.ok(queue.remove("a", "a1"));
	assert.not(queue.remove("a", "a1"));
	assert.is(queue.size, 1);
	assert.equal(drain(queue), ["a2"]);
	assert.is(queue.size, 0);
});

test("items are yielded turn by turn, and the owner whose turn has ended comes last", () => {
	const queue = filled(["a", "a1"], ["a", "a2"], ["b", "b1"], ["c", "c1"], ["c", "c2"]);
	queue.endTurn("a");
	assert.equal(
		[...queue.inTurn()].map(([, item]) => item),
		["b1", "c1", "a1", "c2", "a2"],
	);
	assert.is(queue.size, 5);
});

test("an item that leaves while the items are yielded is not yielded", () => {
	const queue = filled(["a", "a1"], ["a", "a2"], ["b", "b1"]);
	const seen: string[] = [];
	for (const [, item] of queue.inTurn()) {
		seen.push(item);
		queue.remove("a", "a2");
	}
	assert.equal(seen, ["a1", "b1"]);
});

test("the newest item of the longest line makes room for an owner with fewer items", () => {
	const queue = filled(["a", "a1"], ["a", "a2"], ["a", "a3"], ["b", "b1"]);
	assert.ok(queue.canEvictFor("b"));
	assert.is(queue.evictFor("b"), "a3");
	assert.not(queue.canEvictFor("b"));
	assert.is(queue.evictFor("b"), undefined);
	assert.is(queue.evictFor("c"), "a2");
	assert.is(queue.size, 2);
});

test("the owner of the longest line makes no room for itself", () => {
	assert.is(filled(["a", "a1"], ["a", "a2"]).evictFor("a"), undefined);
	assert.is(filled().evictFor("a"), undefined);
});

test("a turn serves as many items as the weight of its owner", () => {
	const queue = new FairQueue<string>();
	for (let count = 1; count <= 4; count += 1) {
		queue.add("a", `a${count}`, 2);
		queue.add("b", `b${count}`);
	}
	assert.equal(drain(queue), ["a1", "a2", "b1", "a3", "a4", "b2", "b3", "b4"]);
});

test("an owner of a larger weight keeps more items when the queue is full", () => {
	const queue = new FairQueue<string>();
	for (let count = 1; count <= 4; count += 1) queue.add("heavy", `heavy${count}`, 4);
	for (let count = 1; count <= 3; count += 1) queue.add("light", `light${count}`);
	assert.is(queue.evictFor("new"), "light3");
	assert.is(queue.evictFor("heavy", 4), "light2");
	assert.is(queue.evictFor("heavy", 4), undefined);
	assert.is(queue.evictFor("light"), undefined);
});

test("owners whose items never run out are served in proportion to their weights, within 10 percent", () => {
	const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
	fc.assert(
		fc.property(weights, fc.infiniteStream(fc.nat({ max: 9 })), (shares, coins) => {
			const queue = new FairQueue<{ readonly owner: number }>();
			const served = shares.map(() => 0);
			for (const [owner, weight] of shares.entries()) for (let item = 0; item < 3; item += 1) queue.add(String(owner), { owner }, weight);
			const sum = shares.reduce((total, weight) => total + weight, 0);
			const rounds = sum * 10;
			for (let count = 0; count < rounds; count += 1) {
				const owner = queue.take(() => true)?.owner ?? -1;
				served[owner] = (served[owner] ?? 0) + 1;
				queue.add(String(owner), { owner }, shares[owner] ?? 1);
				// The number of waiting items of an owner changes nothing.
				const other = coins.next().value % shares.length;
				queue.add(String(other), { owner: other }, shares[other] ?? 1);
			}
			for (const [owner, weight] of shares.entries()) {
				const expected = (rounds * weight) / sum;
				assert.ok(Math.abs((served[owner] ?? 0) - expected) <= expected * 0.1, `${served} for ${shares}`);
			}
		}),
	);
});

test.run();
