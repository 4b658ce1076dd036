import { test } from "uvu";
import * as assert from "uvu/assert";
import { AUDIO, COMPLETED, connected, failureOf, readAll, STARTED, turns } from "./fixture.ts";

test("a session sends input in order, delivers events in order and reports exact counters", async () => {
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
	assert.equal({ outcomes, ends }, { outcomes: ["completed"], ends: [1234] });
	assert.is(clock.pending, 0);
});

test("a full send queue refuses input, counts it and notifies when it is writable again", async () => {
	const { session, channel } = await connected();
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	await turns(); // The channel sends the first input, so that the queue is empty.
	for (let i = 0; i < 10; i++) session.input({ type: "append_audio", audio: new Uint8Array(100) });
	assert.equal(
		failureOf(() => session.input({ type: "append_audio", audio: new Uint8Array(100) })),
		{ code: "rate_limited", message: "the send queue is full: 1000 of 1024 bytes wait to be sent; wait for subscribe-send" },
	);
	assert.is(session.writable.isReady(), false);
	const room = new Promise<void>((resolve) => session.writable.onReady(resolve));
	channel.unblock();
	await room;
	await turns();
	assert.is(session.writable.isReady(), true);
	session.close();
	const last = (await readAll(session)).at(-1);
	assert.equal(last, { type: "completed", completed: { ...COMPLETED, sent_audio_bytes: 1001, dropped_input: 1 } });
});

test("input larger than the send queue is an invalid request", async () => {
	const { session } = await connected();
	assert.equal(
		failureOf(() => session.input({ type: "append_audio", audio: new Uint8Array(1025) })),
		{ code: "invalid_request", message: "append_audio: 1025 bytes never fit into a send queue of 1024; send smaller pieces" },
	);
});

test("a full send queue drops audio but no commit when its policy is drop_oldest or drop_newest", async () => {
	for (const { overflow, accepted, firstQueued } of [
		{ overflow: "drop_oldest", accepted: { bytes: 100, queued_bytes: 964 }, firstQueued: 2 },
		{ overflow: "drop_newest", accepted: { bytes: 0, queued_bytes: 964 }, firstQueued: 0 },
	] as const) {
		const { session, channel } = await connected({ sendQueue: { max_bytes: 1024, overflow } });
		channel.block();
		session.input({ type: "append_audio", audio: new Uint8Array(1) });
		await turns();
		session.input({ type: "commit" });
		for (let i = 0; i < 9; i++) session.input({ type: "append_audio", audio: new Uint8Array(100).fill(i) });
		assert.equal(session.input({ type: "append_audio", audio: new Uint8Array(100).fill(9) }), accepted);
		session.input({ type: "append_audio", audio: new Uint8Array(100).fill(10) });
		channel.unblock();
		await turns(20);
		const audio = channel.sent.flatMap((input) => (input.type === "append_audio" ? [input.audio[0]] : []));
		assert.is(channel.sent[1]?.type, "commit");
		assert.is(audio[1], firstQueued);
		assert.is(audio.length, 10);
		session.close();
		const last = (await readAll(session)).at(-1);
		assert.ok(last?.type === "completed");
		assert.is(last.completed.dropped_input, 2);
		assert.is(last.completed.sent_audio_bytes, 901);
	}
});

test("an overflow of the send queue fails the session once when its policy is fail", async () => {
	const { session, channel, outcomes, clock } = await connected({ sendQueue: { max_bytes: 1024, overflow: "fail" } });
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	await turns();
	session.input({ type: "append_audio", audio: new Uint8Array(1000) });
	const message = "the send queue is full: 1000 of 1024 bytes wait to be sent, and its overflow policy is to fail";
	assert.equal(
		failureOf(() => session.input({ type: "append_audio", audio: new Uint8Array(100) })),
		{ code: "rate_limited", message },
	);
	assert.is(session.state, "failed");
	assert.equal(await readAll(session), [
		{ type: "failed", failed: { code: "rate_limited", message, retryable: true, operation: "realtime_voice" } },
	]);
	assert.equal(outcomes, ["rate_limited"]);
	assert.is(clock.pending, 0);
});

test("clear removes unsent audio since the last commit without counting it as dropped", async () => {
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

test("the upstream waits while the receive queue is full, and no event is dropped, when its policy is refuse", async () => {
	const { session, channel } = await connected();
	channel.deliver(...Array.from({ length: 30 }, (_, i) => AUDIO(i)), "end");
	await turns(50);
	// Ten events are queued, and the eleventh waits.
	assert.is(channel.asked, 11);
	const events = await readAll(session);
	assert.equal(
		events.slice(0, -1),
		Array.from({ length: 30 }, (_, i) => AUDIO(i)),
	);
	assert.equal(events.at(-1), { type: "completed", completed: { ...COMPLETED, received_audio_bytes: 3000 } });
});

test("a full receive queue drops the oldest audio but no event that marks a turn when its policy is drop_oldest", async () => {
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

test("a full receive queue drops the newest audio when its policy is drop_newest", async () => {
	const { session, channel } = await connected({ receiveQueue: { max_bytes: 1024, overflow: "drop_newest" } });
	channel.deliver(...Array.from({ length: 30 }, (_, i) => AUDIO(i)), "end");
	await turns(60);
	assert.equal(await readAll(session), [
		...Array.from({ length: 10 }, (_, i) => AUDIO(i)),
		{ type: "completed", completed: { ...COMPLETED, received_audio_bytes: 3000, dropped_events: 20 } },
	]);
});

test("an overflow of the receive queue fails the session when its policy is fail", async () => {
	const failing = await connected({ receiveQueue: { max_bytes: 1024, overflow: "fail" } });
	failing.channel.deliver(...Array.from({ length: 11 }, (_, i) => AUDIO(i)));
	await turns(30);
	const last = (await readAll(failing.session)).at(-1);
	assert.ok(last?.type === "failed");
	assert.is(
		last.failed.message,
		"the receive queue of 1024 bytes is full, and its overflow policy is to fail; read faster or request a larger queue",
	);
});

test("an event that may not be dropped fails the session when the receive queue has no room for it", async () => {
	const full = await connected({ receiveQueue: { max_bytes: 1024, overflow: "drop_oldest" } });
	full.channel.deliver(...Array.from({ length: 17 }, () => STARTED));
	await turns(40);
	const events = await readAll(full.session);
	assert.is(events.length, 17);
	const end = events.at(-1);
	assert.ok(end?.type === "failed");
	assert.is(
		end.failed.message,
		"the receive queue of 1024 bytes is full, and a response_started event may not be dropped; read faster or request a larger queue",
	);
});

test.run();
