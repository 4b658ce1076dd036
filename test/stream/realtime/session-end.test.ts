import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { OpenChannel } from "../../../src/stream/realtime/session.ts";
import { AUDIO, COMPLETED, connected, failureOf, fixture, readAll, rejectionOf, STARTED, turns } from "./fixture.ts";

test("an ended session refuses to be read after the terminal event, and refuses input", async () => {
	const { session, channel } = await connected();
	channel.deliver("end");
	assert.equal(await readAll(session), [{ type: "completed", completed: COMPLETED }]);
	assert.is((await rejectionOf(session.next())).code, "invalid_request");
	assert.is(failureOf(() => session.tryNext()).code, "invalid_request");
	assert.equal(
		failureOf(() => session.input({ type: "commit" })),
		{ code: "invalid_request", message: "the session is closed: read its last event and drop the handle" },
	);
});

test("the report of a session has the declared downgrades", async () => {
	const downgrades = [{ field: "language", effect: "dropped" as const, detail: "the model detects the language" }];
	const { session, channel } = await connected({ downgrades });
	channel.deliver("end");
	assert.equal(await readAll(session), [{ type: "completed", completed: { ...COMPLETED, downgrades } }]);
});

test("drain refuses further input and resolves when all input is sent and answered", async () => {
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
		failureOf(() => session.input({ type: "commit" })),
		{ code: "invalid_request", message: "the session is draining: it accepts no more input" },
	);
	channel.unblock();
	await turns();
	assert.equal({ sent: channel.sent.length, drained }, { sent: 2, drained: false });
	channel.answer();
	await draining;
	assert.is(session.state, "draining");
});

test("drain is refused while events have to be read first, and can be called again", async () => {
	const { session, channel } = await connected();
	channel.deliver(...Array.from({ length: 12 }, (_, i) => AUDIO(i)));
	assert.equal(await rejectionOf(session.drain()), {
		code: "rate_limited",
		message: "the receive queue is full; read the events that wait, then drain again",
	});
	for (let i = 0; i < 12; i++) await session.next();
	channel.answer();
	await session.drain();
});

test("drain asks the channel once, however often it is refused meanwhile", async () => {
	const { session, channel } = await connected({ receiveQueue: { max_bytes: 64, overflow: "refuse" } });
	channel.deliver({ type: "speech_started", speech_started: 1 }, { type: "speech_started", speech_started: 2 });
	for (let i = 0; i < 3; i++) assert.is((await rejectionOf(session.drain())).code, "rate_limited");
	assert.is(channel.drains, 1);
	for (let i = 0; i < 2; i++) await session.next();
	channel.answer();
	await session.drain();
});

test("drain rejects with the failure when the session fails meanwhile", async () => {
	const { session, channel } = await connected();
	const draining = rejectionOf(session.drain());
	channel.deliver(new SpearError("backend_error", "gone"));
	assert.equal(await draining, { code: "backend_error", message: "gone" });
});

test("a failure of the upstream is delivered once, after the events before it", async () => {
	const { session, channel, outcomes, ends, clock } = await connected();
	channel.deliver(AUDIO(1), new SpearError("backend_error", "broke off", { retryable: true }));
	assert.equal(await readAll(session), [
		AUDIO(1),
		{ type: "failed", failed: { code: "backend_error", message: "broke off", retryable: true, operation: "realtime_voice" } },
	]);
	session.close();
	session[Symbol.dispose]();
	assert.equal({ outcomes, ends: ends.length, timers: clock.pending }, { outcomes: ["backend_error"], ends: 1, timers: 0 });
});

test("the idle time counts from the last input or event", async () => {
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
	const { code, message } = last.failed;
	assert.equal({ code, message }, { code: "timeout", message: "the session was ended: nothing was sent or received for 10000 ms" });
	assert.is(clock.pending, 0);
});

test("a session ends at its longest lifetime even when it is active", async () => {
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
	const { code, message } = last.failed;
	assert.equal(
		{ code, message },
		{ code: "timeout", message: "the session has lasted 60000 ms, the longest this host allows; connect again" },
	);
	assert.is(clock.pending, 0);
});

test("a close ends the session after its longest time when the upstream does not end it", async () => {
	const { session, channel, clock, signals, outcomes } = await connected();
	channel.agreesToClose = false;
	session.close();
	clock.pass(999);
	assert.is(session.state, "draining");
	clock.pass(1);
	assert.is(session.state, "closed");
	assert.equal(await session.next(), { type: "completed", completed: { ...COMPLETED, duration_ms: 1000 } });
	assert.is(signals[0]?.aborted, true);
	assert.equal({ outcomes, timers: clock.pending }, { outcomes: ["completed"], timers: 0 });
});

test("a dropped handle ends the session at once and discards queued events", async () => {
	const { session, channel, clock, signals, outcomes, ends } = await connected();
	channel.deliver(AUDIO(1));
	await turns();
	session[Symbol.dispose]();
	assert.is(session.state, "failed");
	assert.is(signals[0]?.aborted, true);
	assert.is((await rejectionOf(session.next())).code, "invalid_request");
	assert.equal({ outcomes, ends: ends.length, timers: clock.pending }, { outcomes: ["cancelled"], ends: 1, timers: 0 });
});

test("a session fails with the reason of the aborted run", async () => {
	const { session, abort, outcomes } = await connected();
	abort.abort(new SpearError("cancelled", "the run is over"));
	const last = await session.next();
	assert.ok(last.type === "failed");
	const { code, message } = last.failed;
	assert.equal({ code, message, outcomes }, { code: "cancelled", message: "the run is over", outcomes: ["cancelled"] });
});

test("a session ends when its configuration or its connection fails", async () => {
	const invalid = fixture();
	assert.equal(await rejectionOf(invalid.session.connect(() => Promise.reject(new SpearError("invalid_request", "no")))), {
		code: "invalid_request",
		message: "no",
	});
	assert.is(invalid.session.state, "failed");
	assert.equal({ ends: invalid.ends.length, outcomes: invalid.outcomes }, { ends: 1, outcomes: [] });
	const refused = fixture();
	const dial = (): Promise<never> => Promise.reject(new SpearError("backend_error", "refused"));
	assert.equal(await rejectionOf(refused.session.connect(async () => dial)), { code: "backend_error", message: "refused" });
	assert.is(refused.session.state, "failed");
	assert.is(refused.ends.length, 1);
});

test("a connection is closed when the run ends while the session connects", async () => {
	const { session, abort, channel, outcomes } = fixture();
	const dialled = Promise.withResolvers<OpenChannel>();
	const connecting = rejectionOf(session.connect(async () => () => dialled.promise));
	await turns();
	assert.is(session.state, "connecting");
	abort.abort(new SpearError("cancelled", "the run is over"));
	assert.is(session.state, "failed");
	dialled.resolve({
		channel,
		record: () => {},
		end: (outcome) => void outcomes.push("failure" in outcome ? outcome.failure.code : "completed"),
	});
	assert.equal(await connecting, { code: "cancelled", message: "the run is over" });
	assert.equal(outcomes, ["cancelled"]);
});

test("the failure of a session carries the usage that the session has reported", async () => {
	const { session, channel, failures, abort } = await connected();
	channel.reported = { usage: { input_tokens: 3, output_tokens: 4 } };
	abort.abort();
	assert.is(session.state, "failed");
	assert.equal(
		failures.map(({ code, usage }) => ({ code, usage })),
		[{ code: "cancelled", usage: { input_tokens: 3, output_tokens: 4 } }],
	);
});

test.run();
