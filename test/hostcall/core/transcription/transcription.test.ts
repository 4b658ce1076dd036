import { test } from "uvu";
import * as assert from "uvu/assert";
import { EAGAIN, EBADF, EINVAL, EIO, ENOMEM, EPIPE } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import type { SessionStatus } from "../../../../generated/hostcall/core/transcription.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { coreTranscription, refusedConnection, type TranscriptionFixture } from "../../../helpers/core-transcription.ts";
import { settled } from "../../../helpers/fake-clock.ts";

const IN = Events.epollin;
const OUT = Events.epollout;
const ERR = Events.epollerr;
const HUP = Events.epollhup;

const audio = (bytes: number): Uint8Array => new Uint8Array(bytes);

function statusOf({ rtasr }: TranscriptionFixture, fd: number): SessionStatus {
	const status = rtasr.getStatus(fd);
	if (typeof status === "number") throw new Error(`no status: ${status}`);
	return status;
}

test("a new session can be written, is in its first state, and has queues of 1 MiB", () => {
	const core = coreTranscription();
	const fd = core.rtasr.create();
	assert.is(fd, 1000);
	assert.is(core.fds.entry(fd)?.kind, "RtAsr");
	assert.is(core.fds.entry(fd)?.mask, OUT);
	assert.equal(statusOf(core, fd), {
		state: "init",
		last_error: undefined,
		send_queue_bytes: 0,
		recv_queue_bytes: 0,
		max_send_queue_bytes: 1_048_576,
		max_recv_queue_bytes: 1_048_576,
		dropped_events: 0,
	});
	assert.is(core.rtasr.read(fd), EAGAIN);
	assert.is(core.rtasr.setParam(fd, { key: "language", value: "en" }), 0);
	assert.is(statusOf(core, fd).state, "configured");
});

test("a session asks for a transcription of the model, at the backend, with the segmentation of the guest", async () => {
	const core = coreTranscription();
	await core.connected({ model: "m", backend: "b", ws_url: "wss://elsewhere.example", client_secret: "s" });
	assert.equal(core.calls[0]?.payload, {
		model: "m",
		mode: "transcription",
		turn_detection: { type: "server_vad", server_vad: { threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 } },
		tools: [],
	});
	assert.equal(core.calls[0]?.options, { routing: { backend: "b", allowlist: [], denylist: [], preferred: [] } });
	await core.connected();
	assert.is(core.calls[1]?.options, undefined);
});

test("audio and ends of utterances wait for the connection, and follow in order", async () => {
	const core = coreTranscription();
	const fd = core.open({ transport: "websocket" });
	assert.is(core.rtasr.write(fd, audio(100)), 100);
	assert.is(core.rtasr.flush(fd), 0);
	assert.is(core.rtasr.connect(fd), 0);
	assert.is(statusOf(core, fd).state, "connecting");
	assert.is(core.rtasr.connect(fd), 0);
	assert.is(core.rtasr.write(fd, audio(200)), 200);
	assert.is(statusOf(core, fd).send_queue_bytes, 364);
	await settled();
	assert.is(statusOf(core, fd).state, "connected");
	assert.is(core.rtasr.connect(fd), 0);
	core.rtasr.write(fd, audio(300));
	await settled();
	assert.equal(
		core.channels[0]?.sent.map((input) => (input.type === "append_audio" ? input.audio.byteLength : input.type)),
		[100, "commit", 200, 300],
	);
	assert.is(statusOf(core, fd).send_queue_bytes, 0);
	assert.is(core.calls.length, 1);
});

test("events become those of OpenAI's API, with the type first", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	channel.deliver(
		{ type: "speech_started", speech_started: 10 },
		{ type: "input_transcript", input_transcript: { item_id: "i", text: 'he said "type":"x"' } },
		{ type: "speech_stopped", speech_stopped: 900 },
		{ type: "text", text: { item_id: "i", text: "no part of a transcription" } },
		{ type: "input_transcript_done", input_transcript_done: { item_id: "i", text: "hello" } },
		{ type: "warning", warning: { code: "invalid_request", message: "too short", retryable: false } },
		{ type: "warning", warning: { code: "backend_error", message: "slow", retryable: true } },
	);
	await settled();
	assert.is(core.fds.entry(fd)?.mask, IN | OUT);
	assert.equal(core.events(fd), [
		'{"type":"input_audio_buffer.speech_started","event_id":"event_1","audio_start_ms":10}',
		'{"type":"conversation.item.input_audio_transcription.delta","event_id":"event_2","item_id":"i","content_index":0,"delta":"he said \\"type\\":\\"x\\""}',
		'{"type":"input_audio_buffer.speech_stopped","event_id":"event_3","audio_end_ms":900}',
		'{"type":"conversation.item.input_audio_transcription.completed","event_id":"event_5","item_id":"i","content_index":0,"transcript":"hello"}',
		'{"type":"error","event_id":"event_6","error":{"type":"invalid_request_error","code":"invalid_request","message":"too short"}}',
		'{"type":"error","event_id":"event_7","error":{"type":"server_error","code":"backend_error","message":"slow"}}',
	]);
	assert.is(core.fds.entry(fd)?.mask, OUT);
});

test("an event stays until it was taken", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	channel.deliver({ type: "input_transcript_done", input_transcript_done: { item_id: "i", text: "hello" } });
	await settled();
	const first = core.rtasr.read(fd);
	const again = core.rtasr.read(fd);
	if (typeof first === "number" || typeof again === "number") throw new Error("no event");
	assert.is(first.item, again.item);
	again.remove();
	assert.is(core.rtasr.read(fd), EAGAIN);
});

test("the end of the upstream is HUP for good, its events stay readable, and input is refused", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	channel.deliver({ type: "input_transcript", input_transcript: { item_id: "i", text: "last" } }, "end");
	await settled();
	assert.is(core.fds.entry(fd)?.mask, IN | HUP);
	assert.is(core.events(fd).length, 1);
	assert.is(core.fds.entry(fd)?.mask, HUP);
	assert.is(core.rtasr.read(fd), EAGAIN);
	assert.is(core.fds.entry(fd)?.mask, HUP);
	assert.is(statusOf(core, fd).state, "closed");
	assert.is(core.rtasr.connect(fd), EBADF);
	assert.is(core.rtasr.write(fd, audio(2)), EPIPE);
	assert.is(core.rtasr.flush(fd), EPIPE);
	assert.is(core.rtasr.clear(fd), EPIPE);
	assert.is(core.rtasr.sendEvent(fd, { type: "input_audio_buffer.commit" }), EPIPE);
	assert.is(core.rtasr.setParam(fd, { key: "model", value: "m" }), 0);
});

test("a lost connection is ERR with its reason, and input is refused", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	channel.deliver(new SpearError("backend_error", "the connection broke"));
	await settled();
	assert.is(core.fds.entry(fd)?.mask, ERR);
	assert.is(statusOf(core, fd).state, "error");
	assert.is(statusOf(core, fd).last_error, "the connection broke");
	assert.is(core.rtasr.connect(fd), EIO);
	assert.is(core.rtasr.write(fd, audio(2)), EIO);
	assert.is(core.rtasr.flush(fd), EIO);
	assert.is(core.rtasr.clear(fd), EIO);
	assert.is(core.rtasr.sendEvent(fd, { type: "input_audio_buffer.append", audio: "AAA=" }), EIO);
	assert.is(core.rtasr.sendEvent(fd, { type: "input_audio_buffer.append", audio: "A".repeat(8_000_000) }), EIO);
	assert.is(core.rtasr.read(fd), EAGAIN);
});

test("a connection that fails is ERR, and releases what waited for it", async () => {
	const core = coreTranscription({ dial: refusedConnection("refused") });
	const fd = core.open({ transport: "websocket" });
	core.rtasr.write(fd, audio(1_000));
	assert.is(core.rtasr.connect(fd), 0);
	assert.is(core.fds.entry(fd)?.mask, OUT);
	await settled();
	assert.is(core.fds.entry(fd)?.mask, ERR);
	assert.is(statusOf(core, fd).last_error, "refused");
	assert.is(core.memory.used, 0);
});

test("without a backend for sessions, connect is refused at once", () => {
	const core = coreTranscription({ isServed: false });
	const fd = core.open({ transport: "websocket" });
	assert.is(core.rtasr.connect(fd), EINVAL);
	assert.is(core.fds.entry(fd)?.mask, ERR);
	assert.is(statusOf(core, fd).last_error, "no backend serves realtime transcription");
	assert.is(core.rtasr.connect(fd), EIO);
});

test("more sessions than the host allows fail, and a closed one makes room", async () => {
	const core = coreTranscription({ limits: { maxRealtimeSessions: 1 } });
	const { fd, channel } = await core.connected();
	const second = core.open({ transport: "websocket" });
	core.rtasr.connect(second);
	await settled();
	assert.match(statusOf(core, second).last_error ?? "", "1 realtime sessions are open");
	core.rtasr.close(fd);
	await settled();
	assert.ok(channel.closed);
	await core.connected();
});

test("a queue that is full refuses audio and is not writable, until the refused audio would fit", async () => {
	const core = coreTranscription();
	const fd = core.open({ transport: "websocket", max_send_queue_bytes: 1_000 });
	assert.is(core.rtasr.write(fd, audio(600)), 600);
	assert.is(core.fds.entry(fd)?.mask, OUT);
	assert.is(core.rtasr.write(fd, audio(500)), EAGAIN);
	assert.is(core.fds.entry(fd)?.mask, 0);
	assert.is(core.rtasr.write(fd, audio(400)), 400);
	assert.is(core.rtasr.flush(fd), EAGAIN);
	assert.is(core.rtasr.sendEvent(fd, { type: "input_audio_buffer.append", audio: "AAAA" }), EAGAIN);
	core.rtasr.connect(fd);
	await settled();
	assert.is(core.fds.entry(fd)?.mask, OUT);
	assert.is(core.rtasr.flush(fd), 0);
});

test("an event with more audio than the queue holds is refused without a look at it, until the queue is empty", async () => {
	const core = coreTranscription();
	const fd = core.open({ transport: "websocket", max_send_queue_bytes: 1_000 });
	const append = (text: string): number => core.rtasr.sendEvent(fd, { type: "input_audio_buffer.append", audio: text });
	assert.is(append("AAAA"), 0);
	assert.is(append("!".repeat(1_337)), EAGAIN);
	assert.is(core.fds.entry(fd)?.mask, 0);
	assert.is(append("!".repeat(1_336)), EINVAL);
	core.rtasr.connect(fd);
	await settled();
	assert.is(core.fds.entry(fd)?.mask, OUT);
});

test("a full queue of a connected session wakes its watchers when input was sent", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected({ max_send_queue_bytes: 1_000 });
	channel.block();
	core.rtasr.write(fd, audio(900)); // On its way.
	await settled();
	core.rtasr.write(fd, audio(900));
	assert.is(core.rtasr.write(fd, audio(900)), EAGAIN);
	let changes = 0;
	core.fds.entry(fd)?.watch({
		changed() {
			changes += 1;
		},
	});
	assert.is(core.fds.entry(fd)?.mask, 0);
	channel.unblock();
	await settled();
	assert.is(core.fds.entry(fd)?.mask, OUT);
	assert.ok(changes > 0);
});

test("bounds of queues are the guest's within the host's, and values of other types are the defaults", () => {
	const core = coreTranscription({ limits: { realtimeQueueBytes: 500_000 } });
	const fd = core.open({ max_send_queue_bytes: 1e9, max_recv_queue_bytes: 100 });
	assert.is(statusOf(core, fd).max_send_queue_bytes, 500_000);
	assert.is(statusOf(core, fd).max_recv_queue_bytes, 100);
	core.rtasr.setParam(fd, { key: "max_recv_queue_bytes", value: -1 });
	assert.is(statusOf(core, fd).max_recv_queue_bytes, 500_000);
});

test("beyond its bound the oldest events are dropped and counted, and one larger than the queue", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected({ max_recv_queue_bytes: 400 });
	const say = (text: string) => ({ type: "input_transcript" as const, input_transcript: { item_id: "i", text } });
	channel.deliver(say("one"), say("two"), say("three"), say("x".repeat(400)));
	await settled();
	assert.is(statusOf(core, fd).dropped_events, 1);
	channel.deliver(say("four"), say("five"), say("six"), say("seven"));
	await settled();
	assert.ok(statusOf(core, fd).recv_queue_bytes <= 400);
	assert.equal(
		core.events(fd).map((json) => JSON.parse(json).delta),
		["five", "six", "seven"],
	);
	assert.is(statusOf(core, fd).dropped_events, 5);
	assert.is(statusOf(core, fd).recv_queue_bytes, 0);
});

test("only audio, commit and clear are events of a guest", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	const send = (event: Parameters<typeof core.rtasr.sendEvent>[1]): number => core.rtasr.sendEvent(fd, event);
	assert.is(send({ type: "input_audio_buffer.commit" }), 0);
	assert.is(send({ type: "input_audio_buffer.append", audio: "AQID" }), 0);
	assert.is(send({ type: "input_audio_buffer.append", audio: "" }), 0);
	assert.is(send({ type: "input_audio_buffer.commit", event_id: "e" }), 0);
	assert.is(send({ type: "input_audio_buffer.commit" }), 0);
	assert.is(send({ type: "input_audio_buffer.clear" }), 0);
	for (const wrong of [
		null,
		7,
		"input_audio_buffer.commit",
		[],
		{},
		{ type: "session.update", session: {} },
		{ type: "response.create" },
		{ type: "input_audio_buffer.append" },
		{ type: "input_audio_buffer.append", audio: "not base64!" },
		{ type: "__proto__" },
	]) {
		assert.is(send(wrong), EINVAL);
	}
	await settled();
	assert.equal(channel.sent, [{ type: "append_audio", audio: Buffer.from([1, 2, 3]) }, { type: "commit" }, { type: "clear" }]);
});

test("clear drops the audio that waits, up to the last end of an utterance", async () => {
	const core = coreTranscription();
	const fd = core.open({ transport: "websocket" });
	core.rtasr.write(fd, audio(100));
	core.rtasr.flush(fd);
	core.rtasr.write(fd, audio(200));
	assert.is(core.rtasr.clear(fd), 0);
	assert.is(statusOf(core, fd).send_queue_bytes, 164);
	assert.is(core.rtasr.flush(fd), 0);
	core.rtasr.connect(fd);
	await settled();
	assert.is(core.channels[0]?.sent.length, 2);
});

test("a descriptor of another kind and a closed one are refused", () => {
	const core = coreTranscription();
	const closed = core.open();
	core.rtasr.close(closed);
	for (const fd of [closed, 999, -1]) {
		assert.is(core.rtasr.setParam(fd, { key: "model", value: "m" }), EBADF);
		assert.is(core.rtasr.connect(fd), EBADF);
		assert.is(core.rtasr.getStatus(fd), EBADF);
		assert.is(core.rtasr.sendEvent(fd, {}), EBADF);
		assert.is(core.rtasr.flush(fd), EBADF);
		assert.is(core.rtasr.clear(fd), EBADF);
		assert.is(core.rtasr.setAutoflush(fd, {}), EBADF);
		assert.is(core.rtasr.getAutoflush(fd), EBADF);
		assert.is(core.rtasr.write(fd, audio(2)), EBADF);
		assert.is(core.rtasr.read(fd), EBADF);
	}
	assert.is(core.rtasr.close(closed), 0);
	assert.is(core.rtasr.close(999), EBADF);
});

test("closing while connecting ends the connection and makes room at once", async () => {
	let ended = false;
	const core = coreTranscription({
		limits: { maxRealtimeSessions: 1 },
		dial: (signal) =>
			new Promise((_, reject) =>
				signal.addEventListener("abort", () => {
					ended = true;
					reject(signal.reason);
				}),
			),
	});
	const fd = core.open({ transport: "websocket" });
	core.rtasr.connect(fd);
	await settled();
	core.rtasr.close(fd);
	await settled();
	assert.ok(ended);
	const second = core.open({ transport: "websocket" });
	core.rtasr.connect(second);
	await settled();
	assert.is(statusOf(core, second).state, "connecting");
});

test("an abort of the run ends connections in any state, and nothing is held after the end", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	channel.block();
	core.rtasr.write(fd, audio(1_000));
	core.rtasr.write(fd, audio(1_000));
	channel.deliver({ type: "input_transcript", input_transcript: { item_id: "i", text: "x" } });
	await settled();
	core.scope.abort.abort(new SpearError("cancelled", "the run is over"));
	await settled();
	assert.is(statusOf(core, fd).last_error, "the run is over");
	core.fds[Symbol.dispose]();
	await settled();
	assert.is(core.memory.used, 0);
});

test("a session that the guest closes ends in order", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	core.rtasr.close(fd);
	await settled();
	assert.ok(channel.closed);
	assert.is("completed" in (core.outcomes[0] ?? {}), true);
	assert.is(core.memory.used, 0);
});

test("queues are charged to the account of the guest, which bounds them", async () => {
	const core = coreTranscription({ maxBytes: 10_000 });
	const fd = core.open({ transport: "websocket" });
	assert.is(core.rtasr.write(fd, audio(6_000)), 6_000);
	assert.ok(core.memory.used >= 6_000);
	assert.is(core.rtasr.write(fd, audio(6_000)), ENOMEM);
	core.rtasr.connect(fd);
	await settled();
	assert.is(core.memory.used, 0);
	const channel = core.channels[0];
	for (let index = 0; index < 50; index += 1) {
		channel?.deliver({ type: "input_transcript", input_transcript: { item_id: "i", text: "x".repeat(900) } });
	}
	await settled();
	assert.ok(core.memory.used <= 10_000);
	assert.ok(statusOf(core, fd).dropped_events > 30);
	core.rtasr.close(fd);
	assert.is(core.memory.used, 0);
});

test.run();
