import { test } from "uvu";
import * as assert from "uvu/assert";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { openaiRealtime } from "../../../../src/backends/kinds/openai-realtime/index.ts";
import { createCoreCalls } from "../../../../src/hostcall/core/core-calls.ts";
import { systemClock } from "../../../../src/time/clock.ts";
import { greet, RealtimeServer, type SessionBehaviour } from "../../../helpers/realtime-server.ts";
import { type StubScope, stubScope } from "../../../helpers/stub-scope.ts";

const NO_TOOLS = { callTool: async () => ({ code: -5 }) };

/** Waits by an epoll of the guest, as guests do. Returns the events. */
async function waitFor(core: ReturnType<typeof createCoreCalls>, fd: number, events: number): Promise<number> {
	const epoll = core.poll.create();
	core.poll.control(epoll, 1, fd, events);
	const ready = await core.poll.wait(epoll, 8, 5_000);
	core.poll.close(epoll);
	if (typeof ready === "number") throw new Error(`epoll failed: ${ready}`);
	return ready[0]?.events ?? 0;
}

async function nextEvent(core: ReturnType<typeof createCoreCalls>, fd: number): Promise<{ readonly [member: string]: JsonValue }> {
	const events = await waitFor(core, fd, Events.epollin | Events.epollerr | Events.epollhup);
	const front = core.transcription.read(fd);
	if (typeof front === "number") throw new Error(`no event: ${events} ${JSON.stringify(core.transcription.getStatus(fd))}`);
	front.remove();
	return JSON.parse(new TextDecoder().decode(front.item));
}

/** Runs a guest's part against a scripted server through the whole pipeline. */
async function against(
	behaviour: SessionBehaviour,
	run: (core: ReturnType<typeof createCoreCalls>, fd: number) => Promise<void>,
): Promise<void> {
	const server = await RealtimeServer.start(behaviour);
	const backend = openaiRealtime.create({
		name: "openai-realtime-asr",
		kind: "openai-realtime",
		base_url: server.baseUrl,
		models: ["gpt-4o-mini-transcribe"],
		options: {},
	});
	const scope = stubScope({
		instances: { "openai-realtime-asr": { backend, models: [{ name: "gpt-4o-mini-transcribe", operations: undefined }] } },
	});
	const core = createCoreCalls({ ...scope, clock: systemClock }, NO_TOOLS);
	try {
		const fd = core.transcription.create();
		const params = { transport: "websocket", backend: "openai-realtime-asr", model: "gpt-4o-mini-transcribe" };
		for (const [key, value] of Object.entries(params)) core.transcription.setParam(fd, { key, value });
		await run(core, fd);
		core[Symbol.dispose]();
		await server.quiet();
		assert.equal(server.faults, []);
	} finally {
		core[Symbol.dispose]();
		await backend.close();
		await server.close();
	}
}

test("audio of a guest is transcribed by an upstream, and the upstream's end is HUP", () =>
	against(
		greet(async (peer) => {
			await peer.next("input_audio_buffer.append");
			await peer.send(
				{ type: "input_audio_buffer.speech_started", event_id: "e", audio_start_ms: 0, item_id: "item_1" },
				{ type: "input_audio_buffer.committed", event_id: "e", item_id: "item_1", previous_item_id: null },
				{
					type: "conversation.item.input_audio_transcription.delta",
					event_id: "e",
					item_id: "item_1",
					content_index: 0,
					delta: "hel",
				},
				{
					type: "conversation.item.input_audio_transcription.completed",
					event_id: "e",
					item_id: "item_1",
					content_index: 0,
					transcript: "hello",
				},
			);
			peer.close();
		}),
		async (core, fd) => {
			core.transcription.setAutoflush(fd, { strategy: "server_vad", vad: { silence_ms: 600 } });
			assert.is(core.transcription.connect(fd), 0);
			assert.is(core.transcription.write(fd, new Uint8Array(960)), 960);
			assert.equal(
				[await nextEvent(core, fd), await nextEvent(core, fd), await nextEvent(core, fd)].map(({ type, delta, transcript }) => [
					type,
					delta ?? transcript,
				]),
				[
					["input_audio_buffer.speech_started", undefined],
					["conversation.item.input_audio_transcription.delta", "hel"],
					["conversation.item.input_audio_transcription.completed", "hello"],
				],
			);
			assert.is(await waitFor(core, fd, Events.epollhup | Events.epollerr), Events.epollhup);
		},
	));

test("an upstream that breaks the connection is ERR", () =>
	against(
		greet((peer) => peer.cut()),
		async (core, fd) => {
			assert.is(core.transcription.connect(fd), 0);
			assert.is(await waitFor(core, fd, Events.epollhup | Events.epollerr), Events.epollerr);
		},
	));

function stubTranscription(scope: StubScope): { readonly core: ReturnType<typeof createCoreCalls>; readonly fd: number } {
	const core = createCoreCalls({ ...scope, clock: systemClock }, NO_TOOLS);
	const fd = core.transcription.create();
	core.transcription.setParam(fd, { key: "transport", value: "websocket" });
	return { core, fd };
}

test("a guest that ends its utterances is transcribed by the stub backend", async () => {
	const { core, fd } = stubTranscription(stubScope());
	core.transcription.setAutoflush(fd, { strategy: "manual" });
	core.transcription.write(fd, new Uint8Array(960));
	core.transcription.flush(fd);
	core.transcription.connect(fd);
	let event = await nextEvent(core, fd);
	while (event.type !== "conversation.item.input_audio_transcription.completed") event = await nextEvent(core, fd);
	assert.is(event.transcript, "stub heard 960 bytes");
	core[Symbol.dispose]();
});

test("a backend that lacks what the segmentation needs is ERR with the reason", async () => {
	const { core, fd } = stubTranscription(stubScope());
	assert.is(core.transcription.connect(fd), 0);
	assert.is(await waitFor(core, fd, Events.epollerr), Events.epollerr);
	const status = core.transcription.getStatus(fd);
	assert.match(typeof status === "number" ? "" : (status.last_error ?? ""), /turn_detection|no backend/);
	core[Symbol.dispose]();
});

test.run();
