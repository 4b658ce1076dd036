import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Link, LinkedList } from "../../src/collections/linked-list.ts";

function values(list: LinkedList<number>): number[] {
	const found: number[] = [];
	for (let link = list.first; link !== undefined; link = link.next) found.push(link.value);
	return found;
}

function valuesBackwards(list: LinkedList<number>): number[] {
	const found: number[] = [];
	for (let link = list.last; link !== undefined; link = link.previous) found.push(link.value);
	return found;
}

test("a list holds what an array would hold, whatever is added and removed", () => {
	const step = fc.oneof(fc.constant("append" as const), fc.constant("take" as const), fc.nat(20));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const list = new LinkedList<number>();
			const links: Link<number>[] = [];
			for (const [index, next] of steps.entries()) {
				if (next === "append") links.push(list.append(index));
				else if (next === "take") assert.is(list.takeFirst(), links.shift()?.value);
				else for (const link of links.splice(next, 1)) list.remove(link);
				const expected = links.map(({ value }) => value);
				assert.equal(values(list), expected);
				assert.equal(valuesBackwards(list), expected.toReversed());
				assert.is(list.length, expected.length);
			}
		}),
	);
});

test("a list is empty after clear", () => {
	const list = new LinkedList<number>();
	list.append(1);
	list.clear();
	assert.equal([list.first, list.last, list.length, list.takeFirst()], [undefined, undefined, 0, undefined]);
	list.append(2);
	assert.equal(values(list), [2]);
});

test.run();
