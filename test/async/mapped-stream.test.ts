import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARRIVED, type ArrivingIterator } from "../../src/async/arrived.ts";
import { batched } from "../../src/async/batched.ts";
import { mappedStream } from "../../src/async/mapped-stream.ts";

async function* lists(count: number, ended: string[]): AsyncGenerator<readonly number[], void, void> {
	try {
		for (let list = 0; list < count; list++) yield [2 * list + 1, 2 * list + 2];
		ended.push("whole");
	} finally {
		ended.push("released");
	}
}

/** Returns a mapped stream of the numbers from 1 in lists of two, and the record of its end. */
function doubled(count: number): {
	readonly stream: AsyncGenerator<number, void, void> & ArrivingIterator<number>;
	readonly ended: string[];
} {
	const ended: string[] = [];
	const map = (item: number): number => {
		if (item === 3 && count === 9) throw new Error("three");
		return 2 * item;
	};
	return { stream: mappedStream({ open: () => batched(lists(count, ended)), map, onEnd: () => ended.push("end") }), ended };
}

test("a mapped stream yields every item through its function, and ends once", async () => {
	const { stream, ended } = doubled(2);
	assert.equal(await Array.fromAsync(stream), [2, 4, 6, 8]);
	assert.equal(await stream.next(), { done: true, value: undefined });
	await stream.return();
	assert.equal(ended, ["whole", "released", "end"]);
});

test("a mapped stream gives items that have arrived at once, and none while a list is awaited", async () => {
	const { stream } = doubled(2);
	assert.is(stream[ARRIVED]?.(), undefined);
	assert.equal(await stream.next(), { done: false, value: 2 });
	assert.equal(stream[ARRIVED]?.(), { done: false, value: 4 });
	assert.is(stream[ARRIVED]?.(), undefined);
	const pending = stream.next();
	assert.is(stream[ARRIVED]?.(), undefined);
	assert.equal(await pending, { done: false, value: 6 });
});

test("a mapped stream serves concurrent calls in their order", async () => {
	const { stream } = doubled(2);
	const steps = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next(), stream.next()]);
	assert.equal(
		steps.map(({ value }) => value),
		[2, 4, 6, 8, undefined],
	);
});

test("a mapped stream releases its source when the reader leaves", async () => {
	const { stream, ended } = doubled(2);
	for await (const item of stream) if (item === 2) break;
	assert.equal(ended, ["released", "end"]);
});

test("a mapped stream releases its source when the function fails", async () => {
	const { stream, ended } = doubled(9);
	const error = await Array.fromAsync(stream).catch((thrown: unknown) => thrown);
	assert.is(error instanceof Error && error.message, "three");
	assert.equal(await stream.next(), { done: true, value: undefined });
	assert.equal(ended, ["released", "end"]);
});

test("a mapped stream that is left before its first item opens nothing, and ends", async () => {
	const { stream, ended } = doubled(2);
	await stream.return();
	assert.equal(await stream.next(), { done: true, value: undefined });
	assert.equal(ended, ["end"]);
});

test.run();
