import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARRIVED, type ArrivingIterator } from "../../src/async/arrived.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { EventStream } from "../../src/stream/event-stream.ts";

type Event =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "end" }
	| { readonly type: "failed"; readonly code: string };

interface Source {
	readonly open: (signal: AbortSignal) => AsyncIterable<Event>;
	readonly maxBytes?: number;
	readonly signal?: AbortSignal;
	readonly onClose?: () => void;
}

function streamOf({ open, maxBytes = 1000, signal = new AbortController().signal, onClose }: Source): EventStream<Event> {
	return new EventStream<Event>({
		open,
		isTerminal: (event) => event.type !== "text",
		failed: (error) => ({ type: "failed", code: error.code }),
		maxBytes,
		sizeOf: (event) => (event.type === "text" ? event.text.length : 0),
		signal,
		...(onClose === undefined ? {} : { onClose }),
	});
}

const text = (value: string): Event => ({ type: "text", text: value });

test("a stream delivers events in order and refuses to be read after the terminal event", async () => {
	const stream = streamOf({
		async *open() {
			yield text("a");
			yield { type: "end" };
		},
	});
	assert.equal(await stream.next(), text("a"));
	assert.equal(await stream.next(), { type: "end" });
	try {
		await stream.next();
		assert.unreachable();
	} catch (thrown) {
		assert.is(SpearError.from(thrown).code, "invalid_request");
	}
});

test("a stream fails when the upstream stops without a terminal event", async () => {
	const stream = streamOf({
		async *open() {
			yield text("a");
		},
	});
	assert.equal(await stream.next(), text("a"));
	assert.equal(await stream.next(), { type: "failed", code: "backend_error" });
});

test("an error of the upstream is the terminal event, after the events before it", async () => {
	const stream = streamOf({
		async *open() {
			yield text("a");
			throw new SpearError("rate_limited", "slow down");
		},
	});
	assert.equal(await stream.next(), text("a"));
	assert.equal(await stream.next(), { type: "failed", code: "rate_limited" });
});

test("`tryNext` returns undefined while no event is queued", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const stream = streamOf({
		async *open() {
			await promise;
			yield { type: "end" };
		},
	});
	assert.is(stream.tryNext(), undefined);
	assert.is(stream.readiness.isReady(), false);
	resolve();
	await stream.finished;
	assert.equal(stream.tryNext(), { type: "end" });
});

test("the upstream waits while the queue is full", async () => {
	let produced = 0;
	const stream = streamOf({
		maxBytes: 3,
		async *open() {
			for (; produced < 10; ) {
				produced += 1;
				yield text("x");
			}
			yield { type: "end" };
		},
	});
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(produced, 3);
	await stream.next();
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(produced, 4);
	stream[Symbol.dispose]();
	await stream.finished;
});

test("events that have arrived are taken without a wait for each, as far as the queue has room", async () => {
	const events = ["ab", "cd", "ef", "gh"].map(text);
	let waits = 0;
	const source: ArrivingIterator<Event> & AsyncIterable<Event> = {
		[Symbol.asyncIterator]: () => source,
		[ARRIVED]() {
			const value = waits === 0 ? undefined : events.shift();
			return value === undefined ? undefined : { done: false, value };
		},
		async next() {
			waits += 1;
			return { done: false, value: events.shift() ?? { type: "end" } };
		},
	};
	const stream = streamOf({ open: () => source, maxBytes: 6 });
	assert.equal(await stream.next(), text("ab"));
	assert.is(waits, 1);
	assert.equal(stream.tryNext(), text("cd"));
	assert.equal(await stream.next(), text("ef"));
	assert.equal(await stream.next(), text("gh"));
	assert.equal(await stream.next(), { type: "end" });
	assert.is(waits, 2);
});

test("a dropped handle aborts the upstream and closes the stream once", async () => {
	let closed = 0;
	let aborted: unknown;
	const stream = streamOf({
		onClose: () => {
			closed += 1;
		},
		async *open(signal) {
			yield text("a");
			await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
			aborted = "unreachable";
		},
	});
	await stream.next();
	stream[Symbol.dispose]();
	stream[Symbol.dispose]();
	await stream.finished;
	assert.is(closed, 1);
	assert.is(aborted, undefined);
});

test("a stream ends with the reason of the aborted run even when its queue is full", async () => {
	const controller = new AbortController();
	const stream = streamOf({
		maxBytes: 1,
		signal: controller.signal,
		async *open() {
			for (;;) yield text("x");
		},
	});
	await new Promise((resolve) => setImmediate(resolve));
	controller.abort(new SpearError("cancelled", "enough"));
	await stream.finished;
	assert.equal(await stream.next(), text("x"));
	assert.equal(await stream.next(), { type: "failed", code: "cancelled" });
});

test.run();
