import { test } from "uvu";
import * as assert from "uvu/assert";
import { batched } from "../../../src/async/batched.ts";
import { opened } from "../../../src/async/opened-stream.ts";
import { type SseDialect, type SseEvent, type SseOutcome, sseBody } from "../../../src/serve/openai/sse.ts";

/** Numbers as events. Odd ones have no form. */
const dialect: SseDialect<number> = {
	events: (value): SseEvent[] => (value % 2 === 1 ? [] : [{ data: String(value) }]),
	failed: (thrown): SseEvent[] => [{ event: "error", data: String(thrown) }],
};

interface Body {
	readonly stream: ReadableStream<Uint8Array>;
	readonly abort: AbortController;
	readonly outcomes: SseOutcome[];
}

async function bodyOf(source: AsyncIterable<number, void>, heartbeatMs = 60_000): Promise<Body> {
	const { first, rest } = await opened(source);
	const abort = new AbortController();
	const outcomes: SseOutcome[] = [];
	const stream = sseBody(first, rest, dialect, { heartbeatMs, abort, onEnd: (outcome) => outcomes.push(outcome) });
	return { stream, abort, outcomes };
}

const textOf = async (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

test("events follow each other until the stream ends", async () => {
	const { stream, outcomes } = await bodyOf(
		(async function* () {
			yield* [0, 1, 2];
		})(),
	);
	assert.is(await textOf(stream), "data: 0\n\ndata: 2\n\n");
	assert.equal(outcomes, [{ type: "completed" }]);
});

test("a failure is the last event", async () => {
	const { stream, outcomes } = await bodyOf(
		(async function* () {
			yield 0;
			throw "broken";
		})(),
	);
	assert.is(await textOf(stream), "data: 0\n\nevent: error\ndata: broken\n\n");
	assert.equal(outcomes, [{ type: "failed", error: "broken" }]);
});

test("events that wait together are one piece, bounded in size", async () => {
	const batch = Array.from({ length: 10_000 }, (_, index) => 2 * index);
	const { stream } = await bodyOf(
		batched(
			(async function* () {
				yield batch;
			})(),
		),
	);
	const sizes: number[] = [];
	let text = "";
	for await (const piece of stream) {
		sizes.push(piece.length);
		text += Buffer.from(piece).toString();
	}
	assert.is(text, batch.map((value) => `data: ${value}\n\n`).join(""));
	assert.ok(sizes.length < 20 && Math.max(...sizes) < 17 * 1024, sizes.join());
});

test("nothing is asked of the source before the client takes the piece before", async () => {
	let asked = 0;
	const { stream } = await bodyOf(
		(async function* () {
			for (;;) {
				asked += 1;
				yield 0;
			}
		})(),
	);
	const reader = stream.getReader();
	await new Promise(setImmediate);
	assert.is(asked, 1);
	for (let piece = 1; piece <= 3; piece++) {
		await reader.read();
		await new Promise(setImmediate);
		assert.is(asked, piece);
	}
	await reader.cancel();
});

test("silence is filled with comments, and no event is lost", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const { stream } = await bodyOf(
		(async function* () {
			yield 0;
			await promise;
			yield 2;
		})(),
		1,
	);
	const seen: string[] = [];
	for await (const piece of stream) {
		seen.push(Buffer.from(piece).toString());
		if (seen.length === 3) resolve();
	}
	assert.equal(seen.slice(0, 3), ["data: 0\n\n", ": heartbeat\n\n", ": heartbeat\n\n"]);
	assert.is(seen.filter((text) => text.startsWith("data")).join(""), "data: 0\n\ndata: 2\n\n");
});

test("an aborted call ends the source and the body, also if nothing is read", async () => {
	let released = false;
	const source = (async function* () {
		try {
			yield 0;
			yield 2;
		} finally {
			released = true;
		}
	})();
	const { stream, abort, outcomes } = await bodyOf(source);
	abort.abort(new Error("gone"));
	await new Promise(setImmediate);
	assert.ok(released);
	assert.equal(outcomes, [{ type: "closed" }]);
	assert.is(await textOf(stream), "");
});

test("a client that leaves aborts the call and ends the source, also while an event is awaited", async () => {
	let released = false;
	let abortSignal: AbortSignal | undefined;
	const source = (async function* () {
		try {
			yield 0;
			await new Promise((_, reject) => abortSignal?.addEventListener("abort", reject));
		} finally {
			released = true;
		}
	})();
	const { stream, abort, outcomes } = await bodyOf(source);
	abortSignal = abort.signal;
	const reader = stream.getReader();
	await reader.read();
	const pending = reader.read();
	await reader.cancel();
	await pending;
	assert.ok(abort.signal.aborted);
	assert.ok(released);
	assert.equal(outcomes, [{ type: "closed" }]);
});

test.run();
