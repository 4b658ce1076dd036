/** Sessions that transcribe: turns, partial and final transcripts, and input of any kind. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openSession } from "../../../../../src/backends/protocols/local/rt/open-session.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { endSessions, transcription } from "./session.ts";
import { audioOf, standInEngines } from "./stand-in-engines.ts";

const MANUAL = { turn_detection: { type: "manual" } } as const;
const COMMIT = { type: "commit" } as const;

test.after.each(endSessions);

test("a turn has partial transcripts while it goes on, and the final one after its end", async () => {
	const session = await transcription();
	for (const part of [-200, 1, 2, 3, 4, 5, 6, -600]) await session.send(audioOf(part));
	assert.equal(await session.drained(), [
		"speech_started 200",
		'heard input-1 "w1"',
		'heard input-1 " w2 w3"',
		"speech_stopped 2600",
		'heard input-1 " w4 w5 w6"',
		'transcript input-1 "w1 w2 w3 w4 w5 w6"',
	]);
});

test("turns have their own items, and times in milliseconds of all input", async () => {
	const session = await transcription();
	await session.send(audioOf(-100, 1, -500));
	await session.until("transcript");
	await session.send(audioOf(-300, 2, -500));
	assert.equal(await session.drained(), [
		"speech_started 100",
		"speech_stopped 500",
		'heard input-1 "w1"',
		'transcript input-1 "w1"',
		"speech_started 1300",
		"speech_stopped 1700",
		'heard input-2 "w2"',
		'transcript input-2 "w2"',
	]);
});

test("the end of the input ends the speech in progress", async () => {
	const session = await transcription();
	await session.send(audioOf(7));
	assert.equal(await session.drained(), ["speech_started 0", "speech_stopped 400", 'heard input-1 "w7"', 'transcript input-1 "w7"']);
});

test("a commit makes one item of all that was appended, when turns are manual", async () => {
	const session = await transcription({ request: MANUAL });
	await session.send(audioOf(1, -600, 2), audioOf(-600, 3), COMMIT, audioOf(4), COMMIT, audioOf(5));
	assert.equal(await session.drained(), [
		'heard input-1 "w1 w2 w3"',
		'transcript input-1 "w1 w2 w3"',
		'heard input-2 "w4"',
		'transcript input-2 "w4"',
	]);
});

test("a commit without speech makes an empty item", async () => {
	const session = await transcription({ request: MANUAL });
	await session.send(audioOf(-100), COMMIT);
	assert.equal(await session.drained(), ['transcript input-1 ""']);
});

test("clear discards the audio since the last commit", async () => {
	const session = await transcription({ request: MANUAL });
	await session.send(audioOf(1), COMMIT, audioOf(2, -600), { type: "clear" }, audioOf(3), COMMIT);
	const heard = (await session.drained()).filter((event) => event.startsWith("transcript"));
	assert.equal(
		heard.map((event) => event.slice(event.indexOf('"'))),
		['"w1"', '"w3"'],
	);
});

test("clear ends the speech in progress without a transcript, when turns end by silence", async () => {
	const session = await transcription();
	await session.send(audioOf(-100, 1));
	await session.until("speech_started");
	await session.send({ type: "clear" }, audioOf(-600));
	assert.equal(await session.drained(), ["speech_started 100", "speech_stopped 500"]);
	assert.ok(session.engines.calls.includes("reset"));
});

test("a commit ends the speech in progress when turns end by silence, and is warned of without speech", async () => {
	const session = await transcription();
	await session.send(audioOf(1), COMMIT, COMMIT);
	const events = await session.drained();
	assert.equal(
		events.filter((event) => !event.startsWith("warning")),
		["speech_started 0", "speech_stopped 400", 'heard input-1 "w1"', 'transcript input-1 "w1"'],
	);
	assert.match(
		events.find((event) => event.startsWith("warning")) ?? "",
		"invalid_request: commit: the detection of turns has ended all speech",
	);
});

test("settings of turns reach the detection within bounds", async () => {
	const engines = standInEngines();
	const server_vad = { threshold: 0.3, prefix_padding_ms: 60_000, silence_duration_ms: 1 };
	await transcription({ engines, request: { input_format: "g711_alaw", turn_detection: { type: "server_vad", server_vad } } });
	await transcription({ engines });
	assert.equal(engines.opened, [
		{ format: "g711_alaw", threshold: 0.3, prefixPaddingMs: 3000, silenceMs: 100, isManual: false },
		{ format: "pcm16", threshold: 0.5, prefixPaddingMs: 300, silenceMs: 500, isManual: false },
	]);
});

test("a flood of tiny and odd pieces becomes steps of whole frames", async () => {
	const session = await transcription();
	const audio = audioOf(1, -600);
	for (let at = 0; at < audio.length; at += 7) await session.send(audio.subarray(at, at + 7));
	assert.equal((await session.drained()).at(-1), 'transcript input-1 "w1"');
	const sizes = session.engines.calls.flatMap((call) => (call.startsWith("add ") ? [Number(call.slice(4))] : []));
	assert.ok(sizes.length <= Math.ceil(audio.length / 1536), `${sizes.length} steps`);
	assert.ok(sizes.every((size) => size <= 24_576));
});

test("a large piece becomes steps that leave the engine to other sessions", async () => {
	const session = await transcription();
	await session.send(audioOf(-10_000));
	await session.drained();
	const sizes = session.engines.calls.flatMap((call) => (call.startsWith("add ") ? [Number(call.slice(4))] : []));
	assert.is(Math.max(...sizes), 15_360);
});

test("send waits while the detection is behind, and the memory of the input is bounded", async () => {
	const engines = standInEngines();
	let resume = (): void => {};
	engines.onAdd = () => new Promise<void>((resolve) => (resume = resolve));
	const session = await transcription({ engines });
	const second = audioOf(-1000);
	let sent = 0;
	const sending = (async () => {
		for (; sent < 5; sent++) await session.send(second);
	})();
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.is(sent, 2);
	engines.onAdd = () => {};
	resume();
	await sending;
	assert.is(sent, 5);
});

test("a session that floods leaves the recognizer to others: at most two of its tasks are there at once", async () => {
	const engines = standInEngines();
	let running = 0;
	let most = 0;
	engines.onRecognize = async () => {
		most = Math.max(most, ++running);
		await new Promise((resolve) => setTimeout(resolve, 1));
		running--;
	};
	const session = await transcription({ engines });
	for (let turn = 1; turn <= 20; turn++) await session.send(audioOf(turn, turn + 1, turn + 2, -600));
	assert.is((await session.drained()).filter((event) => event.startsWith("transcript")).length, 20);
	assert.ok(most <= 2, `${most} tasks`);
});

test("hours of silence make no events", async () => {
	const engines = standInEngines();
	const session = await transcription({ engines });
	const minute = new Uint8Array(60 * 48_000);
	for (let index = 0; index < 3; index++) await session.send(minute);
	await session.send(audioOf(1));
	assert.equal(await session.drained(), [
		"speech_started 180000",
		"speech_stopped 180400",
		'heard input-1 "w1"',
		'transcript input-1 "w1"',
	]);
});

test("speech without a pause is recognized in parts of at most 15 seconds", async () => {
	const session = await transcription();
	const words = Array.from({ length: 100 }, (_, index) => index + 1);
	await session.send(audioOf(...words));
	const events = await session.drained();
	const written = events.at(-1)?.slice('transcript input-1 "'.length, -1).split(" ") ?? [];
	assert.ok(Math.max(...session.engines.recognitions) <= 15 * 16_000);
	assert.is(new Set(written.map((word) => word.replace("~", ""))).size, 100);
	// Words that were sent before the speech was cut are not sent again.
	const deltas = events.flatMap((event) => (event.startsWith("heard") ? [event.slice('heard input-1 "'.length, -1)] : []));
	assert.is(deltas.join(""), words.map((word) => `w${word}`).join(" "));
});

test("a slow reader holds the input back, and loses nothing", async () => {
	const session = await transcription({ request: MANUAL });
	session.pause();
	let sent = 0;
	const sending = (async () => {
		for (; sent < 400; sent++) await session.send(COMMIT);
	})();
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.ok(sent < 400, `${sent} inputs were accepted`);
	session.resume();
	await sending;
	assert.is((await session.drained()).length, 400);
});

test("a flood of refused input waits for the reader", async () => {
	const session = await transcription();
	session.pause();
	let sent = 0;
	const sending = (async () => {
		for (; sent < 1000; sent++) await session.send({ type: "truncate", item_id: "x", audio_end_ms: 0 });
	})();
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.ok(sent <= 257, `${sent} inputs were accepted`);
	session.resume();
	await sending;
	assert.is((await session.drained()).length, 1000);
});

test("a failed recognition is a warning, and the session goes on", async () => {
	const engines = standInEngines();
	engines.onRecognize = () => {
		throw new SpearError("rate_limited", "the model is busy");
	};
	const session = await transcription({ engines });
	await session.send(audioOf(1, -600));
	await session.until("warning");
	engines.onRecognize = () => {};
	await session.send(audioOf(2, -600));
	assert.equal((await session.drained()).slice(2), [
		"warning rate_limited: the model is busy",
		"speech_started 1000",
		"speech_stopped 1400",
		'heard input-2 "w2"',
		'transcript input-2 "w2"',
	]);
});

test("speech is recognized once more after a failure of the engine", async () => {
	const engines = standInEngines();
	engines.onRecognize = () => {
		engines.onRecognize = () => {};
		throw new SpearError("backend_error", "the engine ended", { retryable: true });
	};
	const session = await transcription({ engines });
	await session.send(audioOf(1));
	assert.is((await session.drained()).at(-1), 'transcript input-1 "w1"');
});

test("a failed detection fails the session", async () => {
	const engines = standInEngines();
	const session = await transcription({ engines });
	engines.onAdd = () => {
		throw new SpearError("backend_error", "the engine of speech detection ended");
	};
	await session.send(audioOf(1));
	await session.ended;
	assert.is(session.failure?.message, "the engine of speech detection ended");
	assert.is(engines.held, 0);
	await session.send(audioOf(1));
});

test("an abort ends the session at once, and releases its engines", async () => {
	const session = await transcription();
	assert.is(session.engines.held, 2);
	await session.send(audioOf(1));
	session.abort.abort(new SpearError("cancelled", "the run has ended"));
	await session.ended;
	assert.is(session.failure?.message, "the run has ended");
	assert.is(session.engines.held, 0);
});

test("a close ends the session in order, and releases its engines", async () => {
	const session = await transcription();
	await session.send(audioOf(1));
	await session.channel.close();
	await session.ended;
	assert.equal([session.failure, session.engines.held], [undefined, 0]);
	await session.channel.drain();
});

test("a reader that leaves ends the session", async () => {
	const engines = standInEngines();
	const channel = await openSession(
		{ mode: "transcription", tools: [] },
		{ signal: new AbortController().signal },
		{ config: { name: "here", kind: "local", models: [], options: {} }, engines, chatModel: undefined },
	);
	await channel.send({ type: "append_audio", audio: audioOf(1) });
	for await (const _ of channel.events) break;
	assert.is(engines.held, 0);
});

test("input for a conversation is a warning", async () => {
	const session = await transcription();
	await session.send({ type: "send_text", text: "hello" }, { type: "truncate", item_id: "a", audio_end_ms: 1 }, { type: "cancel" });
	assert.equal(await session.drained(), [
		"warning invalid_request: send_text: a transcription has no responses; open a conversation",
		"warning invalid_request: truncate: a transcription has no responses; open a conversation",
	]);
});

test("a missing engine refuses the connection, and nothing stays held", async () => {
	const engines = standInEngines();
	const missing = new SpearError("internal", "the model silero-vad is missing; pull it: spear models pull silero-vad");
	engines.detection.open = () => Promise.reject(missing);
	await transcription({ engines }).then(
		() => assert.unreachable(),
		(thrown) => assert.is(thrown, missing),
	);
	assert.is(engines.held, 0);
});

test.run();
