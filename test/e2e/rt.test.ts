import * as assert from "uvu/assert";
import { heldBytes } from "../helpers/memory.ts";
import { type StepOutcome, take } from "../helpers/realtime-guest.ts";
import { REALTIME_KEY, startRealtimeHost } from "../helpers/realtime-host.ts";
import { answerEvents, greet } from "../helpers/realtime-server.ts";
import { at, CONNECT, DROP, realtimeSuite, spokenTurn, terminal } from "./realtime-suite.ts";

/** Realtime sessions of a guest, through all four layers to a server on a real socket and back. */
const test = realtimeSuite("realtime");

const usage = { inputTokens: 10, outputTokens: 20, totalTokens: 30, cachedInputTokens: 4, reasoningTokens: null, cacheWriteTokens: null };

/** Returns the last event of a session without its duration, which depends on the clock. */
function last(outcome: StepOutcome | undefined): unknown {
	const event: unknown = Array.isArray(outcome?.ok) ? outcome.ok.at(-1) : outcome?.ok;
	return JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === "durationMs" ? undefined : value)));
}

function completed(more: object): unknown {
	const numbers = { sentAudioBytes: 0, receivedAudioBytes: 0, droppedInput: 0, droppedEvents: 0, usage: null, downgrades: null };
	return { tag: "completed", val: { ...numbers, ...more } };
}

test("a spoken turn sends the events of the guest, delivers the answer and ends with exact counters", async ({ voice, instance }) => {
	const count = voice.server.peers.length;
	voice.server.script(greet(spokenTurn("r1", { transcript: "Hello.", audio: Buffer.alloc(4800, 1) })));
	const outcomes = await take(
		instance,
		{ ...CONNECT, request: { instructions: "Be kind.", voice: "cedar", turnDetection: { tag: "manual" } } },
		{ do: "append", bytes: 3 },
		{ do: "commit" },
		{ do: "readTo", tag: "response-done" },
		{ do: "drain" },
		{ do: "state" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		{ do: "state" },
		{ do: "read" },
		DROP,
	);
	assert.equal(outcomes.slice(0, 2), [{ ok: "connected" }, { ok: { bytes: 3, queuedBytes: 64 } }]);
	assert.equal(outcomes[3]?.ok, [
		{ tag: "response-started", val: "r1" },
		{ tag: "output-transcript", val: { itemId: "item_r1", text: "Hello." } },
		{ tag: "audio", val: { itemId: "item_r1", bytes: 4800 } },
		{ tag: "response-done", val: "r1" },
	]);
	assert.equal(outcomes[5], { ok: "draining" });
	assert.equal(last(outcomes[7]), completed({ sentAudioBytes: 3, receivedAudioBytes: 4800, usage }));
	assert.equal(outcomes[8], { ok: "closed" });
	assert.is(outcomes[9]?.err?.code, "invalid-request");
	const peer = await voice.server.peer(count);
	assert.is(peer.path, "/v1/realtime?model=gpt-realtime");
	assert.is(peer.headers.authorization, `Bearer ${REALTIME_KEY}`);
	const pcm = { type: "audio/pcm", rate: 24_000 };
	assert.equal(peer.received, [
		{
			type: "session.update",
			session: {
				type: "realtime",
				instructions: "Be kind.",
				audio: { input: { format: pcm, turn_detection: null }, output: { format: pcm, voice: "cedar" } },
			},
		},
		{ type: "input_audio_buffer.append", audio: "BwcH" },
		{ type: "input_audio_buffer.commit", event_id: "spear_1" },
		{ type: "response.create", event_id: "spear_2" },
	]);
	assert.is((await peer.ended).code, 1000);
});

test("a session answers a text with a tool call, and the result of the tool with a text", async ({ voice, instance }) => {
	voice.server.script(
		greet(async (peer) => {
			await peer.next("response.create");
			const call = { type: "function_call", status: "completed", call_id: "c1", name: "add", arguments: '{"a":1}' };
			const [begin, ...end] = answerEvents("r1", []);
			await peer.send(...(begin === undefined ? [] : [begin]), { type: "response.output_item.done", item: call }, ...end);
			const { item } = await peer.next("conversation.item.create");
			assert.equal(item, { type: "function_call_output", call_id: "c1", output: "3" });
			await peer.next("response.create");
			await peer.send(...answerEvents("r2", [{ transcript: "Three." }]));
		}),
	);
	const tools = [{ name: "add", parameters: "{}" }];
	const outcomes = await take(
		instance,
		{ ...CONNECT, request: { tools } },
		{ do: "text", text: "1 + 2?" },
		{ do: "readTo", tag: "response-done" },
		{ do: "toolResult", id: "c1", output: "3" },
		{ do: "readTo", tag: "response-done" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		DROP,
	);
	assert.equal(outcomes[2]?.ok, [
		{ tag: "response-started", val: "r1" },
		{ tag: "tool-call", val: { id: "c1", name: "add", arguments: '{"a":1}' } },
		{ tag: "response-done", val: "r1" },
	]);
	assert.equal(outcomes[4]?.ok, [
		{ tag: "response-started", val: "r2" },
		{ tag: "output-transcript", val: { itemId: "item_r2", text: "Three." } },
		{ tag: "response-done", val: "r2" },
	]);
});

test("a transcription is refused with a voice, and transcribes audio without one", async ({ voice, instance }) => {
	voice.server.script(
		greet(async (peer) => {
			assert.is(peer.path, "/v1/realtime?intent=transcription");
			await peer.next("input_audio_buffer.commit");
			await peer.send(
				{ type: "input_audio_buffer.committed", item_id: "u1" },
				{ type: "conversation.item.input_audio_transcription.completed", item_id: "u1", content_index: 0, transcript: "good day" },
			);
		}),
	);
	const transcription = { mode: "transcription", model: "gpt-4o-transcribe" };
	const outcomes = await take(
		instance,
		{ ...CONNECT, request: { ...transcription, voice: "cedar" } },
		{ ...CONNECT, request: transcription },
		{ do: "append", bytes: 100 },
		{ do: "commit" },
		{ do: "read" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		DROP,
	);
	assert.is(outcomes[0]?.err?.message, "voice: is not allowed in a transcription, which produces no responses; omit it");
	assert.equal(outcomes[4]?.ok, { tag: "input-transcript-done", val: { itemId: "u1", text: "good day" } });
	assert.equal(last(outcomes[6]), completed({ sentAudioBytes: 100 }));
});

/** Bytes of one second of `pcm16`. */
const SECOND = 48_000;

/** Ten minutes, in chunks of one second. */
const CHUNKS = 600;

test("ten minutes of audio pass a guest that reads slowly in bounded memory and with exact counters", async ({ voice, instance }) => {
	const QUEUE = 256_000;
	let appended = 0;
	let echoed = 0;
	const numbers: number[] = [];
	const heldBefore = heldBytes();
	let mostHeld = 0;
	voice.server.keep = (event) => {
		if (event.type !== "input_audio_buffer.append" || typeof event.audio !== "string") return event;
		return {
			type: "append",
			bytes: Buffer.byteLength(event.audio, "base64"),
			number: Buffer.from(event.audio.slice(0, 8), "base64").readUInt32BE(0),
		};
	};
	voice.server.script(
		greet(async (peer) => {
			await peer.send({ type: "response.created", response: { id: "r1" } });
			for (; echoed < CHUNKS; echoed++) {
				if (echoed % 50 === 0) mostHeld = Math.max(mostHeld, heldBytes() - heldBefore);
				const { bytes, number } = await peer.next("append");
				appended += Number(bytes);
				numbers.push(Number(number));
				const audio = Buffer.alloc(SECOND);
				audio.writeUInt32BE(echoed);
				await peer.send({ type: "response.output_audio.delta", response_id: "r1", item_id: "i1", delta: audio.toString("base64") });
			}
			await peer.send({ type: "response.done", response: { id: "r1", status: "completed" } });
		}),
	);
	const request = {
		turnDetection: { tag: "manual" },
		sendQueue: { maxBytes: QUEUE, overflow: "refuse" },
		receiveQueue: { maxBytes: QUEUE, overflow: "drop-oldest" },
	};
	const [, pumped] = await take(
		instance,
		{ ...CONNECT, request },
		{ do: "pump", pieces: CHUNKS, bytes: SECOND, readEvery: 3 },
		DROP,
	).finally(() => {
		voice.server.keep = (event) => event;
	});
	const seen = pumped?.ok;
	assert.ok(isPumped(seen), JSON.stringify(pumped));
	// To the upstream: all audio arrived in order, and the queue never exceeded its bound.
	assert.is(appended, CHUNKS * SECOND);
	assert.is(numbers.length, CHUNKS);
	assert.equal(
		numbers,
		[...numbers].sort((a, b) => a - b),
	);
	assert.ok(seen.mostQueued <= QUEUE, `${seen.mostQueued} bytes waited`);
	// To the guest: audio arrived in order, and dropped audio was counted.
	assert.ok(seen.heard.length < CHUNKS, "a guest that reads every third event has heard everything");
	assert.equal(
		seen.heard,
		[...new Set(seen.heard)].sort((a, b) => a - b),
	);
	assert.is(seen.heard.at(-1), CHUNKS - 1);
	const { val } = seen.last;
	const { sentAudioBytes, receivedAudioBytes } = val;
	assert.equal({ sentAudioBytes, receivedAudioBytes }, { sentAudioBytes: CHUNKS * SECOND, receivedAudioBytes: CHUNKS * SECOND });
	assert.is(val.droppedInput, seen.refused);
	assert.is(val.droppedEvents, CHUNKS - seen.heard.length);
	// 28.8 MB of audio passed each way, 38.4 MB on the wire. Two queues, the buffers of a socket and the current chunks may be held.
	assert.ok(mostHeld < 4_000_000, `${mostHeld} bytes more were held`);
});

interface Pumped {
	readonly refused: number;
	readonly mostQueued: number;
	readonly heard: number[];
	readonly last: { readonly val: Readonly<Record<string, number>> };
}

function isPumped(value: unknown): value is Pumped {
	return typeof value === "object" && value !== null && "heard" in value && Array.isArray(value.heard);
}

test("StarlingMonkey: a spoken turn delivers the answer", async () => {
	const voice = await startRealtimeHost({ engine: "starlingmonkey" });
	try {
		const instance = await voice.instance();
		voice.server.script(greet(spokenTurn("r1", { transcript: "Hello.", audio: Buffer.alloc(48, 1) })));
		const outcomes = await take(
			instance,
			CONNECT,
			{ do: "append", bytes: 480 },
			{ do: "commit" },
			{ do: "readTo", tag: "response-done" },
			{ do: "close" },
			{ do: "readTo", tag: "completed" },
			DROP,
		);
		assert.equal(at(outcomes[3]?.ok, 2), { tag: "audio", val: { itemId: "item_r1", bytes: 48 } });
		assert.equal(terminal({ ok: at(outcomes[5]?.ok, -1) }), { tag: "completed" });
		await instance.close();
		await voice.server.quiet();
	} finally {
		await voice.close();
	}
});

test.run();
