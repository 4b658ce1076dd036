import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { describe } from "../helpers/probe-host.ts";
import { type StepOutcome, take } from "../helpers/realtime-guest.ts";
import { REALTIME_KEY, type RealtimeHost, startRealtimeHost } from "../helpers/realtime-host.ts";
import { answerEvents, greet, type SessionBehaviour, type SessionScript, type WireEvent } from "../helpers/realtime-server.ts";

/** A guest's realtime session, from the component through all four layers to a server on a real socket, and back. */
const test = suite<{ voice: RealtimeHost; instance: AgentInstance }>("realtime");

/** How long the upstream may take to notice, in ms. */
const BOUND_MS = 50;

test.before(async (context) => {
	context.voice = await startRealtimeHost({ limits: { max_realtime_sessions: 2, realtime_queue_bytes: 262_144 } });
	context.instance = await context.voice.instance();
});

test.after(async ({ voice, instance }) => {
	await instance.close();
	await voice.close();
	assert.not.match(describe([voice.logged, voice.events]), new RegExp(REALTIME_KEY));
});

test.after.each(async ({ voice }) => {
	await voice.server.quiet();
	assert.equal(voice.server.faults.splice(0), []);
	assert.is(voice.host.backends()[0]?.inFlight, 0);
});

const CONNECT = { do: "connect", request: {} };
const DROP = { do: "drop" };

/** Audio that is committed, and answered with these pieces. */
function spokenTurn(id: string, ...pieces: Parameters<typeof answerEvents>[1]): SessionBehaviour {
	return async (peer) => {
		await peer.next("input_audio_buffer.commit");
		await peer.send({ type: "input_audio_buffer.committed", item_id: `u_${id}`, previous_item_id: null });
		await peer.next("response.create");
		await peer.send(...answerEvents(id, pieces));
	};
}

const usage = { inputTokens: 10, outputTokens: 20, totalTokens: 30, cachedInputTokens: 4, reasoningTokens: null };

/** The session's last event, less what a clock decides. */
function last(outcome: StepOutcome | undefined): unknown {
	const event: unknown = Array.isArray(outcome?.ok) ? outcome.ok.at(-1) : outcome?.ok;
	return JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === "durationMs" ? undefined : value)));
}

function completed(more: object): unknown {
	const numbers = { sentAudioBytes: 0, receivedAudioBytes: 0, droppedInput: 0, droppedEvents: 0, usage: null };
	return { tag: "completed", val: { ...numbers, ...more } };
}

test("a spoken turn: the client events as received, the answer as the guest hears it, the numbers at the end", async ({
	voice,
	instance,
}) => {
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
	assert.equal([outcomes[9]?.err?.code], ["invalid-request"]);
	const peer = await voice.server.peer(count);
	assert.equal([peer.path, peer.headers.authorization], ["/v1/realtime?model=gpt-realtime", `Bearer ${REALTIME_KEY}`]);
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

test("a text, a tool call and its result", async ({ voice, instance }) => {
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

test("a transcription takes nothing that shapes an answer", async ({ voice, instance }) => {
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
	assert.is(outcomes[0]?.err?.message, "voice: has no place in a transcription, which gives no answers; leave it out");
	assert.equal(outcomes[4]?.ok, { tag: "input-transcript-done", val: { itemId: "u1", text: "good day" } });
	assert.equal(last(outcomes[6]), completed({ sentAudioBytes: 100 }));
});

/** One second of `pcm16`, and ten minutes of it. */
const SECOND = 48_000;
const PIECES = 600;

test("ten minutes of audio, faster than real time, through a guest that reads slowly", async ({ voice, instance }) => {
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
			for (; echoed < PIECES; echoed++) {
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
		{ do: "pump", pieces: PIECES, bytes: SECOND, readEvery: 3 },
		DROP,
	).finally(() => {
		voice.server.keep = (event) => event;
	});
	const seen = pumped?.ok;
	assert.ok(isPumped(seen), JSON.stringify(pumped));
	// Up: everything arrived, in order, and the queue never held more than its bound.
	assert.equal([appended, numbers.length], [PIECES * SECOND, PIECES]);
	assert.equal(
		numbers,
		[...numbers].sort((a, b) => a - b),
	);
	assert.ok(seen.mostQueued <= QUEUE, `${seen.mostQueued} bytes waited`);
	// Down: in order, and what is missing was counted.
	assert.ok(seen.heard.length < PIECES, "a guest that reads every third event has heard everything");
	assert.equal(
		seen.heard,
		[...new Set(seen.heard)].sort((a, b) => a - b),
	);
	assert.is(seen.heard.at(-1), PIECES - 1);
	const { val } = seen.last;
	assert.equal([val.sentAudioBytes, val.receivedAudioBytes], [PIECES * SECOND, PIECES * SECOND]);
	assert.is(val.droppedInput, seen.refused);
	assert.is(val.droppedEvents, PIECES - seen.heard.length);
	// 28.8 MB went each way, 38.4 MB on the wire. Held were two queues, a socket's buffers each way, and what was just being moved.
	console.error({ mostHeld });
	assert.ok(mostHeld < 4_000_000, `${mostHeld} bytes more were held`);
});

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** What the process holds once everything that nobody refers to is gone. The second collection waits for the buffers of the first. */
function heldBytes(): number {
	for (let round = 0; round < 2; round++) if (typeof collectGarbage === "function") collectGarbage();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

interface Pumped {
	readonly refused: number;
	readonly mostQueued: number;
	readonly heard: number[];
	readonly last: { readonly val: Readonly<Record<string, number>> };
}

function isPumped(value: unknown): value is Pumped {
	return typeof value === "object" && value !== null && "heard" in value && Array.isArray(value.heard);
}

/** What can happen to a session that stands, and what the guest is told last. */
const FAULTS: [string, SessionBehaviour, unknown[]][] = [
	["the upstream closes in order", (peer) => peer.close(), ["completed"]],
	["the network is cut", (peer) => peer.cut(), ["failed", "backend-error", "the backend broke off in the middle of its answer", true]],
	["the upstream fails", (peer) => peer.close(1011), ["failed", "backend-error", "the backend failed (close code 1011)", true]],
	[
		"a malformed event",
		(peer) => peer.send("{"),
		["failed", "backend-error", "the backend's answer is malformed: an event is not JSON", false],
	],
	[
		"an oversized event",
		(peer) => peer.send("x".repeat(17 * 1024 * 1024)),
		[
			"failed",
			"backend-error",
			"the backend's answer is malformed: it breaks the WebSocket protocol, or a message is larger than 16777216 bytes",
			false,
		],
	],
];

for (const [name, behaviour, expected] of FAULTS) {
	test(`${name}: one terminal event, and nothing is left`, async ({ voice, instance }) => {
		voice.server.script(greet(behaviour));
		const [, event] = await take(instance, CONNECT, { do: "read" }, DROP);
		assert.equal(terminal(event), expected);
	});
}

test("an error event is a warning, and the session goes on", async ({ voice, instance }) => {
	const complaint: WireEvent = {
		type: "error",
		error: { type: "invalid_request_error", code: "input_audio_buffer_commit_empty", message: "the buffer is empty" },
	};
	voice.server.script(
		greet(async (peer) => {
			await peer.send(complaint);
			await spokenTurn("r1", { transcript: "Yes?" })(peer);
		}),
	);
	const outcomes = await take(
		instance,
		CONNECT,
		{ do: "read" },
		{ do: "commit" },
		{ do: "readTo", tag: "response-done" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		DROP,
	);
	assert.match(JSON.stringify(outcomes[1]?.ok), /"tag":"warning".*the backend finds the request invalid: the buffer is empty/);
	assert.equal(terminal({ ok: at(outcomes[5]?.ok, -1) }), ["completed"]);
});

/** What can happen before a session stands. */
const REFUSALS: [string, SessionScript, [string, string]][] = [
	[
		"401 on the upgrade",
		{
			handshake: {
				status: 401,
				body: { error: { message: `bad key ${REALTIME_KEY}`, type: "invalid_request_error", code: "invalid_api_key" } },
			},
		},
		["backend-error", "the backend refuses the host's credentials (status 401); its operator must check the API key"],
	],
	[
		"an upgrade that takes too long",
		{ handshake: "silence" },
		["timeout", "no complete answer within 60 ms; raise timeout_ms or ask for less"],
	],
	[
		"an upstream that does not begin",
		{ behaviour: (peer) => peer.send({ type: "session.created", session: {} }) },
		["timeout", "no complete answer within 60 ms; raise timeout_ms or ask for less"],
	],
];

for (const [name, script, expected] of REFUSALS) {
	test(`${name}: no session, the reason, and nothing is left`, async ({ voice, instance }) => {
		voice.server.script(script);
		const [outcome] = await take(instance, { ...CONNECT, options: { timeoutMs: 60 } });
		assert.equal([outcome?.err?.code, outcome?.err?.message], expected);
	});
}

test("dropping the handle, closing the instance and aborting the run each end the session upstream within 50 ms", async ({ voice }) => {
	const idle: SessionBehaviour = greet(() => {});
	for (const end of ["drop", "close", "abort"] as const) {
		const controller = new AbortController();
		const instance = await voice.instance({ signal: controller.signal });
		const count = voice.server.peers.length;
		voice.server.script(idle);
		await take(instance, CONNECT, { do: "append", bytes: 100 });
		const peer = await voice.server.peer(count);
		await peer.next("input_audio_buffer.append");
		assert.is(voice.host.backends()[0]?.inFlight, 1);
		const ended = performance.now();
		if (end === "drop") await take(instance, DROP);
		if (end === "close") await instance.close();
		if (end === "abort") controller.abort();
		const ending = await peer.ended;
		assert.is(ending.code, undefined);
		assert.ok(ending.at - ended < BOUND_MS, `${end} took ${ending.at - ended} ms`);
		assert.is(voice.host.backends()[0]?.inFlight, 0);
		await instance.close();
	}
});

test("more sessions than the host allows are refused, and one that has ended makes room", async ({ voice, instance }) => {
	voice.server.script(greet(), greet(), greet());
	const outcomes = await take(
		instance,
		{ ...CONNECT, as: "a" },
		{ ...CONNECT, as: "b" },
		{ ...CONNECT, as: "c" },
		{ ...DROP, as: "a" },
		{ ...CONNECT, as: "c" },
		{ ...DROP, as: "b" },
		{ ...DROP, as: "c" },
	);
	assert.equal(
		outcomes.map(({ ok, err }) => err?.message ?? ok),
		[
			"connected",
			"connected",
			"2 realtime sessions are open, and the host allows 2 at a time; close one first",
			undefined,
			"connected",
			undefined,
			undefined,
		],
	);
	assert.is(outcomes[2]?.err?.code, "rate-limited");
});

test("the host's deadlines end a session, each by its name", async () => {
	const voice = await startRealtimeHost({ limits: { max_realtime_s: 1, realtime_idle_s: 1 } });
	try {
		const instance = await voice.instance();
		voice.server.script(
			greet(() => {}),
			greet(async (peer) => {
				const beat = setInterval(() => void peer.send({ type: "input_audio_buffer.speech_started", audio_start_ms: 1 }), 100);
				await peer.ended;
				clearInterval(beat);
			}),
		);
		const [, , idle, , lively] = await take(
			instance,
			{ ...CONNECT, as: "idle" },
			{ ...CONNECT, as: "lively" },
			{ do: "readTo", tag: "failed", as: "idle" },
			{ ...DROP, as: "idle" },
			{ do: "readTo", tag: "failed", as: "lively" },
		);
		assert.equal(terminal({ ok: at(idle?.ok, -1) }).slice(0, 2), ["failed", "timeout"]);
		assert.equal(terminal({ ok: at(lively?.ok, -1) }).slice(0, 3), [
			"failed",
			"timeout",
			"the session has lasted 1000 ms, the longest this host allows; connect again",
		]);
		await voice.server.quiet();
		await instance.close();
	} finally {
		await voice.close();
	}
});

test("a guest in StarlingMonkey has the same session", async () => {
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
		assert.equal(terminal({ ok: at(outcomes[5]?.ok, -1) }), ["completed"]);
		await instance.close();
		await voice.server.quiet();
	} finally {
		await voice.close();
	}
});

function at(list: unknown, index: number): unknown {
	return Array.isArray(list) ? list.at(index) : undefined;
}

/** A terminal event in short. */
function terminal({ ok }: StepOutcome = {}): unknown[] {
	const { tag, val }: { tag?: string; val?: Partial<Record<string, unknown>> } = typeof ok === "object" && ok !== null ? ok : {};
	return tag === "failed" ? [tag, val?.code, val?.message, val?.retryable] : [tag];
}

test.run();
