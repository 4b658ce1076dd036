import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventStream, type ServerEvent } from "../../../src/serve/agents/event-stream.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";

const SILENCE = ": keep-alive\n\n";

interface Source {
	readonly stream: EventStream;
	readonly clock: FakeClock;
	/** Number of events that were asked for. */
	readonly asked: () => number;
	readonly cancels: () => number;
	send(event: ServerEvent): void;
	end(): void;
	fail(thrown: unknown): void;
}

function source(): Source {
	const steps: PromiseWithResolvers<IteratorResult<ServerEvent, void>>[] = [];
	let asked = 0;
	let answered = 0;
	let cancels = 0;
	const step = (index: number) => {
		steps[index] ??= Promise.withResolvers();
		return steps[index];
	};
	const clock = new FakeClock();
	const stream = new EventStream(
		{ next: () => step(asked++).promise },
		{
			clock,
			heartbeatMs: 1_000,
			failed: (thrown) => ({ name: "error", data: String(thrown) }),
			onCancel: () => {
				cancels += 1;
			},
		},
	);
	return {
		stream,
		clock,
		asked: () => asked,
		cancels: () => cancels,
		send: (value) => step(answered++).resolve({ done: false, value }),
		end: () => step(answered++).resolve({ done: true, value: undefined }),
		fail: (thrown) => step(answered++).reject(thrown),
	};
}

const text = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();

test("an event stream asks for one event at a time, and only when its reader has room", async () => {
	const { stream, asked, send, end } = source();
	send({ name: "text", data: { text: "a\nb" } });
	await stream.begin();
	const reader = stream.body().getReader();
	await settled();
	assert.is(asked(), 1);
	assert.is(text((await reader.read()).value), 'event: text\ndata: {"text":"a\\nb"}\n\n');
	await settled();
	assert.is(asked(), 1);
	end();
	assert.is((await reader.read()).done, true);
});

test("an event stream begins after the longest silence, and sends a comment for each", async () => {
	const { stream, clock, send } = source();
	let begun = false;
	const beginning = stream.begin().then(() => {
		begun = true;
	});
	clock.advance(999);
	await settled();
	assert.not.ok(begun);
	clock.advance(1);
	await beginning;
	const reader = stream.body().getReader();
	for (const _ of [1, 2]) {
		const read = reader.read();
		await settled();
		clock.advance(1_000);
		assert.is(text((await read).value), SILENCE);
	}
	const read = reader.read();
	send({ name: "event", data: null });
	assert.is(text((await read).value), "event: event\ndata: null\n\n");
	assert.is(clock.pending, 0);
});

test("a failure before the begin is thrown, and one after it is the last event", async () => {
	const early = source();
	early.fail(new Error("early"));
	assert.is(await early.stream.begin().catch((thrown: Error) => thrown.message), "early");
	const late = source();
	const beginning = late.stream.begin();
	late.clock.advance(1_000);
	await beginning;
	const reader = late.stream.body().getReader();
	late.fail("late");
	assert.is(text((await reader.read()).value), 'event: error\ndata: "late"\n\n');
	assert.is((await reader.read()).done, true);
});

test("a reader that leaves is told once, and a failure after it is no unhandled rejection", async () => {
	const { stream, clock, cancels, fail } = source();
	const beginning = stream.begin();
	clock.advance(1_000);
	await beginning;
	await stream.body().cancel();
	assert.is(cancels(), 1);
	fail(new Error("cancelled"));
	await settled();
});

test.run();
