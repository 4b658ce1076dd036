import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../generated/ir/rt.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { type OpenChannel, RealtimeSession, type RealtimeSessionOptions } from "../../src/stream/realtime-session.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { ScriptedChannel } from "../helpers/scripted-channel.ts";

const AUDIO = (byte: number, length = 100): rt.Event & { type: "audio" } => ({
	type: "audio",
	audio: { item_id: "i", audio: new Uint8Array(length).fill(byte) },
});
const STARTED = { type: "response_started", response_started: "r" } as const;

const QUEUE: rt.Queue = { max_bytes: 1024, overflow: "refuse" };

interface Fixture {
	readonly session: RealtimeSession;
	readonly channel: ScriptedChannel;
	readonly clock: FakeClock;
	readonly abort: AbortController;
	/** How the session ended, as the router was told. */
	readonly outcomes: unknown[];
	/** How often its end was announced. */
	readonly ends: number[];
	readonly signals: AbortSignal[];
}

function fixture(more: Partial<RealtimeSessionOptions> = {}): Fixture & { connect(): Promise<void> } {
	const channel = new ScriptedChannel();
	const clock = new FakeClock();
	const abort = new AbortController();
	const outcomes: unknown[] = [];
	const ends: number[] = [];
	const signals: AbortSignal[] = [];
	const session = new RealtimeSession({
		sendQueue: QUEUE,
		receiveQueue: QUEUE,
		maxMs: 60_000,
		idleMs: 10_000,
		closeMs: 1000,
		signal: abort.signal,
		clock,
		onEnd: () => ends.push(clock.now()),
		...more,
	});
	const open: OpenChannel = {
		channel,
		end(outcome) {
			outcomes.push("failure" in outcome ? outcome.failure.code : "completed");
			return "failure" in outcome ? outcome.failure.with({ operation: "realtime_voice" }) : undefined;
		},
	};
	const connect = (): Promise<void> =>
		session.connect(async () => async (signal) => {
			signals.push(signal);
			return open;
		});
	return { session, channel, clock, abort, outcomes, ends, signals, connect };
}

async function connected(more: Partial<RealtimeSessionOptions> = {}): Promise<Fixture> {
	const made = fixture(more);
	await made.connect();
	return made;
}

/** Lets what is already under way happen. */
async function turns(count = 5): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

function code(run: () => unknown): [string, string] {
	try {
		run();
	} catch (thrown) {
		if (thrown instanceof SpearError) return [thrown.code, thrown.message];
		throw thrown;
	}
	throw new Error("it should have thrown");
}

async function rejection(promise: Promise<unknown>): Promise<[string, string]> {
	const [result] = await Promise.allSettled([promise]);
	return code(() => {
		if (result?.status === "rejected") throw result.reason;
	});
}

async function readAll(session: RealtimeSession): Promise<rt.Event[]> {
	const events: rt.Event[] = [];
	for (;;) {
		const event = await session.next();
		events.push(event);
		if (event.type === "completed" || event.type === "failed") return events;
	}
}

const COMPLETED: rt.Response = { sent_audio_bytes: 0, received_audio_bytes: 0, dropped_input: 0, dropped_events: 0, duration_ms: 0 };

test("input goes up in order, events come down in order, and the numbers are exact", async () => {
	const { session, channel, clock, outcomes, ends } = await connected();
	assert.is(session.state, "connected");
	assert.equal(session.input({ type: "append_audio", audio: new Uint8Array(100) }), { bytes: 100, queued_bytes: 100 });
	assert.equal(session.input({ type: "append_audio", audio: new Uint8Array(10) }), { bytes: 10, queued_bytes: 164 });
	assert.equal(session.input({ type: "commit" }), { bytes: 0, queued_bytes: 228 });
	await turns();
	assert.equal(
		channel.sent.map(({ type }) => type),
		["append_audio", "append_audio", "commit"],
	);
	channel.reported = { usage: { input_tokens: 3 } };
	channel.deliver(STARTED, AUDIO(1), AUDIO(2));
	clock.pass(1234);
	session.close();
	assert.is(session.state, "draining");
	assert.equal(await readAll(session), [
		STARTED,
		AUDIO(1),
		AUDIO(2),
		{
			type: "completed",
			completed: { ...COMPLETED, sent_audio_bytes: 110, received_audio_bytes: 200, duration_ms: 1234, usage: { input_tokens: 3 } },
		},
	]);
	assert.is(session.state, "closed");
	assert.equal([outcomes, ends], [["completed"], [1234]]);
	assert.is(clock.pending, 0);
});

test("after the terminal event there is nothing, and no input is taken", async () => {
	const { session, channel } = await connected();
	channel.deliver("end");
	assert.equal(await readAll(session), [{ type: "completed", completed: COMPLETED }]);
	assert.is((await rejection(session.next()))[0], "invalid_request");
	assert.is(code(() => session.tryNext())[0], "invalid_request");
	assert.equal(
		code(() => session.input({ type: "commit" })),
		["invalid_request", "the session is closed: read its last event and drop the handle"],
	);
});

test("a full send queue refuses, says when there is room again, and counts", async () => {
	const { session, channel } = await connected();
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	await turns(); // The first piece is on its way.
	for (let i = 0; i < 10; i++) session.input({ type: "append_audio", audio: new Uint8Array(100) });
	assert.equal(
		code(() => session.input({ type: "append_audio", audio: new Uint8Array(100) })),
		["rate_limited", "the send queue is full: 1000 of 1024 bytes wait to be sent; wait for subscribe-send"],
	);
	assert.is(session.vacancy.isReady(), false);
	const room = new Promise<void>((resolve) => session.vacancy.onReady(resolve));
	channel.unblock();
	await room;
	await turns();
	assert.is(session.vacancy.isReady(), true);
	session.close();
	const last = (await readAll(session)).at(-1);
	assert.equal(last, { type: "completed", completed: { ...COMPLETED, sent_audio_bytes: 1001, dropped_input: 1 } });
});

test("a piece that no queue of this size can hold is a mistake of the guest's", async () => {
	const { session } = await connected();
	assert.equal(
		code(() => session.input({ type: "append_audio", audio: new Uint8Array(1025) })),
		["invalid_request", "append_audio: 1025 bytes never fit into a send queue of 1024; send smaller pieces"],
	);
});

test("drop_oldest and drop_newest lose audio, never a commit", async () => {
	for (const [overflow, lost, first] of [
		["drop_oldest", { bytes: 100, queued_bytes: 964 }, 2],
		["drop_newest", { bytes: 0, queued_bytes: 964 }, 0],
	] as const) {
		const { session, channel } = await connected({ sendQueue: { max_bytes: 1024, overflow } });
		channel.block();
		session.input({ type: "append_audio", audio: new Uint8Array(1) });
		await turns();
		session.input({ type: "commit" });
		for (let i = 0; i < 9; i++) session.input({ type: "append_audio", audio: new Uint8Array(100).fill(i) });
		assert.equal(session.input({ type: "append_audio", audio: new Uint8Array(100).fill(9) }), lost);
		session.input({ type: "append_audio", audio: new Uint8Array(100).fill(10) });
		channel.unblock();
		await turns(20);
		const audio = channel.sent.flatMap((input) => (input.type === "append_audio" ? [input.audio[0]] : []));
		assert.is(channel.sent[1]?.type, "commit");
		assert.is(audio[1], first);
		assert.is(audio.length, 10);
		session.close();
		const last = (await readAll(session)).at(-1);
		assert.ok(last?.type === "completed");
		assert.is(last.completed.dropped_input, 2);
		assert.is(last.completed.sent_audio_bytes, 901);
	}
});

test("fail: an overflow ends the session, and says so once", async () => {
	const { session, channel, outcomes, clock } = await connected({ sendQueue: { max_bytes: 1024, overflow: "fail" } });
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	await turns();
	session.input({ type: "append_audio", audio: new Uint8Array(1000) });
	const message = "the send queue is full: 1000 of 1024 bytes wait to be sent, and its overflow policy is to fail";
	assert.equal(
		code(() => session.input({ type: "append_audio", audio: new Uint8Array(100) })),
		["rate_limited", message],
	);
	assert.is(session.state, "failed");
	assert.equal(await readAll(session), [
		{ type: "failed", failed: { code: "rate_limited", message, retryable: true, operation: "realtime_voice" } },
	]);
	assert.equal(outcomes, ["rate_limited"]);
	assert.is(clock.pending, 0);
});

test("clear takes back audio since the last commit, unsent, and is no loss", async () => {
	const { session, channel } = await connected();
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	await turns();
	session.input({ type: "append_audio", audio: new Uint8Array(70).fill(1) });
	session.input({ type: "commit" });
	session.input({ type: "append_audio", audio: new Uint8Array(70).fill(2) });
	session.input({ type: "send_text", text: "stays" });
	session.input({ type: "clear" });
	channel.unblock();
	await turns(10);
	assert.equal(
		channel.sent.map((input) => (input.type === "append_audio" ? `audio ${input.audio[0]}` : input.type)),
		["audio 0", "audio 1", "commit", "send_text", "clear"],
	);
	session.close();
	const last = (await readAll(session)).at(-1);
	assert.ok(last?.type === "completed" && last.completed.dropped_input === 0);
});

test("a slow guest holds the upstream back: nothing is lost, and no more waits than the queue holds", async () => {
	const { session, channel } = await connected();
	channel.deliver(...Array.from({ length: 30 }, (_, i) => AUDIO(i)), "end");
	await turns(50);
	// Ten wait, and the eleventh is held back.
	assert.is(channel.asked, 11);
	const events = await readAll(session);
	assert.equal(
		events.slice(0, -1),
		Array.from({ length: 30 }, (_, i) => AUDIO(i)),
	);
	assert.equal(events.at(-1), { type: "completed", completed: { ...COMPLETED, received_audio_bytes: 3000 } });
});

test("drop_oldest on the way down: the newest audio in order, what marks turns whole, the terminal event last", async () => {
	const { session, channel } = await connected({ receiveQueue: { max_bytes: 1024, overflow: "drop_oldest" } });
	channel.deliver(STARTED, ...Array.from({ length: 30 }, (_, i) => AUDIO(i)), { type: "response_done", response_done: "r" }, "end");
	await turns(60);
	assert.equal(await readAll(session), [
		STARTED,
		...Array.from({ length: 8 }, (_, i) => AUDIO(22 + i)),
		{ type: "response_done", response_done: "r" },
		{ type: "completed", completed: { ...COMPLETED, received_audio_bytes: 3000, dropped_events: 22 } },
	]);
});

test("drop_newest on the way down keeps the oldest", async () => {
	const { session, channel } = await connected({ receiveQueue: { max_bytes: 1024, overflow: "drop_newest" } });
	channel.deliver(...Array.from({ length: 30 }, (_, i) => AUDIO(i)), "end");
	await turns(60);
	assert.equal(await readAll(session), [
		...Array.from({ length: 10 }, (_, i) => AUDIO(i)),
		{ type: "completed", completed: { ...COMPLETED, received_audio_bytes: 3000, dropped_events: 20 } },
	]);
});

test("fail on the way down, and events that may not be dropped and do not fit, end the session", async () => {
	const failing = await connected({ receiveQueue: { max_bytes: 1024, overflow: "fail" } });
	failing.channel.deliver(...Array.from({ length: 11 }, (_, i) => AUDIO(i)));
	await turns(30);
	const last = (await readAll(failing.session)).at(-1);
	assert.ok(last?.type === "failed");
	assert.is(
		last.failed.message,
		"the receive queue of 1024 bytes is full, and its overflow policy is to fail; read faster or ask for more",
	);
	const full = await connected({ receiveQueue: { max_bytes: 1024, overflow: "drop_oldest" } });
	full.channel.deliver(...Array.from({ length: 17 }, () => STARTED));
	await turns(40);
	const events = await readAll(full.session);
	assert.is(events.length, 17);
	const end = events.at(-1);
	assert.ok(end?.type === "failed");
	assert.is(
		end.failed.message,
		"the receive queue of 1024 bytes is full, and a response_started event may not be dropped; read faster or ask for more",
	);
});

test("drain: no more input, all of it sent, all of it answered", async () => {
	const { session, channel } = await connected();
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(5) });
	session.input({ type: "commit" });
	let drained = false;
	const draining = session.drain().then(() => {
		drained = true;
	});
	await turns();
	assert.is(session.state, "draining");
	assert.equal(
		code(() => session.input({ type: "commit" })),
		["invalid_request", "the session is draining: it takes no more input"],
	);
	channel.unblock();
	await turns();
	assert.equal([channel.sent.length, drained], [2, false]);
	channel.answer();
	await draining;
	assert.is(session.state, "draining");
});

test("drain does not wait for a guest that must read first, and can be asked again", async () => {
	const { session, channel } = await connected();
	channel.deliver(...Array.from({ length: 12 }, (_, i) => AUDIO(i)));
	assert.equal(await rejection(session.drain()), [
		"rate_limited",
		"the receive queue is full; read the events that wait, then drain again",
	]);
	for (let i = 0; i < 12; i++) await session.next();
	channel.answer();
	await session.drain();
});

test("drain of a session that fails meanwhile gives the failure", async () => {
	const { session, channel } = await connected();
	const draining = rejection(session.drain());
	channel.deliver(new SpearError("backend_error", "gone"));
	assert.equal(await draining, ["backend_error", "gone"]);
});

test("a failure of the upstream comes after what had arrived, and only once", async () => {
	const { session, channel, outcomes, ends, clock } = await connected();
	channel.deliver(AUDIO(1), new SpearError("backend_error", "broke off", { retryable: true }));
	assert.equal(await readAll(session), [
		AUDIO(1),
		{ type: "failed", failed: { code: "backend_error", message: "broke off", retryable: true, operation: "realtime_voice" } },
	]);
	session.close();
	session[Symbol.dispose]();
	assert.equal([outcomes, ends.length, clock.pending], [["backend_error"], 1, 0]);
});

test("the idle deadline counts from the last sign of life, either way", async () => {
	const { session, channel, clock } = await connected();
	clock.pass(9_000);
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	clock.pass(9_000);
	channel.deliver(STARTED);
	await session.next();
	clock.pass(9_999);
	assert.is(session.state, "connected");
	clock.pass(1);
	assert.is(session.state, "failed");
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal([last.failed.code, last.failed.message], ["timeout", "the session was ended: nothing was sent or received for 10000 ms"]);
	assert.is(clock.pending, 0);
});

test("the session deadline ends the liveliest session", async () => {
	const { session, clock } = await connected();
	for (let i = 0; i < 59; i++) {
		clock.pass(1000);
		session.input({ type: "append_audio", audio: new Uint8Array(1) });
		await turns(1);
	}
	assert.is(session.state, "connected");
	clock.pass(1000);
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal(
		[last.failed.code, last.failed.message],
		["timeout", "the session has lasted 60000 ms, the longest this host allows; connect again"],
	);
	assert.is(clock.pending, 0);
});

test("an upstream that does not agree to close is left behind after a while", async () => {
	const { session, channel, clock, signals, outcomes } = await connected();
	channel.agreesToClose = false;
	session.close();
	clock.pass(999);
	assert.is(session.state, "draining");
	clock.pass(1);
	assert.is(session.state, "closed");
	assert.equal(await session.next(), { type: "completed", completed: { ...COMPLETED, duration_ms: 1000 } });
	assert.is(signals[0]?.aborted, true);
	assert.equal([outcomes, clock.pending], [["completed"], 0]);
});

test("dropping the handle ends the session at once and throws away what waits", async () => {
	const { session, channel, clock, signals, outcomes, ends } = await connected();
	channel.deliver(AUDIO(1));
	await turns();
	session[Symbol.dispose]();
	assert.is(session.state, "failed");
	assert.is(signals[0]?.aborted, true);
	assert.is((await rejection(session.next()))[0], "invalid_request");
	assert.equal([outcomes, ends.length, clock.pending], [["cancelled"], 1, 0]);
});

test("the end of the run ends the session", async () => {
	const { session, abort, outcomes } = await connected();
	abort.abort(new SpearError("cancelled", "the run is over"));
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal([last.failed.code, last.failed.message, outcomes], ["cancelled", "the run is over", ["cancelled"]]);
});

test("a configuration or a connection that fails fails the session, whose end is told all the same", async () => {
	const invalid = fixture();
	assert.equal(await rejection(invalid.session.connect(() => Promise.reject(new SpearError("invalid_request", "no")))), [
		"invalid_request",
		"no",
	]);
	assert.equal([invalid.session.state, invalid.ends.length, invalid.outcomes], ["failed", 1, []]);
	const refused = fixture();
	const dial = (): Promise<never> => Promise.reject(new SpearError("backend_error", "refused"));
	assert.equal(await rejection(refused.session.connect(async () => dial)), ["backend_error", "refused"]);
	assert.equal([refused.session.state, refused.ends.length], ["failed", 1]);
});

test("a run that ends while the session connects takes the connection with it", async () => {
	const { session, abort, channel, outcomes } = fixture();
	const dialled = Promise.withResolvers<OpenChannel>();
	const connecting = rejection(session.connect(async () => () => dialled.promise));
	await turns();
	assert.is(session.state, "connecting");
	abort.abort(new SpearError("cancelled", "the run is over"));
	assert.is(session.state, "failed");
	dialled.resolve({ channel, end: (outcome) => void outcomes.push("failure" in outcome ? outcome.failure.code : "completed") });
	assert.equal(await connecting, ["cancelled", "the run is over"]);
	assert.equal(outcomes, ["cancelled"]);
});

test.run();
