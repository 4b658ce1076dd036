import { test } from "uvu";
import * as assert from "uvu/assert";
import { opened, openedStream } from "../../src/async/opened-stream.ts";

/** Yields numbers from 1, and records how it ends. */
async function* numbers(count: number, ended: string[]): AsyncGenerator<number, void, void> {
	try {
		for (let number = 1; number <= count; number++) yield number;
		ended.push("whole");
	} finally {
		ended.push("released");
	}
}

test("an opened stream yields the first event and all later ones", async () => {
	const ended: string[] = [];
	assert.equal(await Array.fromAsync(openedStream(() => opened(numbers(3, ended)))), [1, 2, 3]);
	assert.equal(ended, ["whole", "released"]);
});

test("an opened stream opens nothing before its first event is asked for", async () => {
	let count = 0;
	const stream = openedStream(() => {
		count++;
		return opened(numbers(1, []));
	});
	assert.is(count, 0);
	await stream.next();
	await stream.next();
	assert.is(count, 1);
});

test("calls during the opening receive the events in order", async () => {
	const stream = openedStream(() => opened(numbers(2, [])));
	const results = await Promise.all([stream.next(), stream.next(), stream.next()]);
	assert.equal(
		results.map(({ value }) => value),
		[1, 2, undefined],
	);
});

test("a consumer that leaves an opened stream releases it", async () => {
	const ended: string[] = [];
	for await (const _ of openedStream(() => opened(numbers(3, ended)))) break;
	assert.equal(ended, ["released"]);
});

test("a stream that is left during its opening is released, and yields nothing more", async () => {
	const ended: string[] = [];
	const stream = openedStream(() => opened(numbers(3, ended)));
	const first = stream.next();
	assert.equal(await stream.return?.(), { done: true, value: undefined });
	assert.equal(await first, { done: false, value: 1 });
	assert.equal(ended, ["released"]);
	assert.is((await stream.next()).done, true);
});

test("a stream that is left before its first event is never opened", async () => {
	const stream = openedStream(() => Promise.reject(new Error("opened")));
	await stream.return?.();
	assert.is((await stream.next()).done, true);
});

test("the failure to open a stream is that of its first event, and ends the stream", async () => {
	const stream = openedStream(() => Promise.reject(new Error("no stream")));
	const [first, second] = await Promise.allSettled([stream.next(), stream.next()]);
	assert.is(first.status === "rejected" && first.reason.message, "no stream");
	assert.equal(second, { status: "fulfilled", value: { done: true, value: undefined } });
});

test.run();
