import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TextToSpeechBackend } from "../../../../generated/backends/text-to-speech.ts";
import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { WavMeter } from "../../../../src/formats/wav.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { contextOf } from "../../context.ts";

function envelope(text: string, more: Partial<tts.Request> = {}): RequestEnvelope<"text_to_speech"> {
	return {
		version: 1,
		request_id: "r",
		operation: "text_to_speech",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload: { input: { type: "text", text }, format: "wav", ...more },
		provider_options: {},
	};
}

function speechOf(options: Record<string, unknown> = {}): TextToSpeechBackend {
	const { operations } = stub.create({ name: "stub", kind: "stub", models: [], options });
	if (operations.text_to_speech === undefined) throw new Error("the stub does not speak");
	return operations.text_to_speech;
}

const speech = speechOf();

/** Returns the response without its reference, and the stored bytes. */
async function speak(text: string, more: Partial<tts.Request> = {}): Promise<{ facts: Omit<tts.Response, "audio">; bytes: Buffer }> {
	const media = memoryMedia();
	const { audio, ...facts } = await speech.unary(envelope(text, more), contextOf({ media }));
	assert.equal(audio, { type: "stored", stored: "sms+file://m1" });
	return { facts, bytes: Buffer.from(media.stored.get("m1")?.bytes ?? []) };
}

test("the stub generates a valid WAV file with a tone per word, longer for longer words", async () => {
	const { facts, bytes } = await speak("Hello there");
	// 10 characters of 60 ms and 2 pauses of 80 ms.
	assert.equal(facts, { mime_type: "audio/wav", sample_rate: 16_000, duration_ms: 760 });
	assert.is(bytes.length, 44 + 760 * 16 * 2);
	const meter = new WavMeter();
	meter.add(bytes);
	assert.equal(meter.facts(), { sampleRate: 16_000, seconds: 0.76 });
	assert.is(bytes.readUInt32LE(4), bytes.length - 8);
	assert.is(bytes.readUInt32LE(40), bytes.length - 44);
	// A tone, then silence.
	const sample = (ms: number, length: number) =>
		Array.from({ length: length * 16 }, (_, index) => Math.abs(bytes.readInt16LE(44 + (ms * 16 + index) * 2)));
	assert.ok(Math.max(...sample(0, 300)) > 8_000);
	assert.is(Math.max(...sample(300, 80)), 0);
});

test("the stub's speech depends only on the request", async () => {
	const one = await speak("Same text", { speed: 1.5 });
	assert.equal(one, await speak("Same text", { speed: 1.5 }));
	assert.not.equal(one.bytes, (await speak("Other one", { speed: 1.5 })).bytes);
	assert.not.equal(one.bytes, (await speak("Same text", { speed: 1.5, voice: "stub-high" })).bytes);
});

test("the stub generates speech at other speeds and without a header", async () => {
	assert.is((await speak("Hello there", { speed: 0.5 })).facts.duration_ms, 1520);
	const { facts, bytes } = await speak("Hello there", { format: "pcm", speed: 2 });
	assert.equal(facts, { mime_type: "audio/pcm", sample_rate: 16_000, duration_ms: 380 });
	assert.is(bytes.length, 380 * 16 * 2);
});

test("a request without a format gets WAV, and the response declares the difference from the default", async () => {
	const { format: __, ...payload } = envelope("Hi").payload;
	const { audio: _, ...facts } = await speech.unary({ ...envelope("Hi"), payload }, contextOf({ media: memoryMedia() }));
	assert.is(facts.mime_type, "audio/wav");
	assert.equal(facts.downgrades, [{ field: "format", effect: "changed", detail: "the audio is audio/wav instead of the default mp3" }]);
});

test("the stub streams the same bytes, a chunk per word", async () => {
	const media = memoryMedia();
	const events: tts.Event[] = [];
	for await (const event of speech.stream(envelope("one two three"), contextOf({ media }))) events.push(event);
	assert.equal(
		events.map(({ type }) => type),
		["audio", "audio", "audio", "audio", "completed"],
	);
	const audio = Buffer.concat(events.flatMap((event) => (event.type === "audio" ? [event.audio] : [])));
	const { facts, bytes } = await speak("one two three");
	assert.equal(audio, bytes);
	assert.equal(new Uint8Array(audio), media.stored.get("m1")?.bytes);
	assert.equal(events.at(-1), { type: "completed", completed: { audio: { type: "stored", stored: "sms+file://m1" }, ...facts } });
});

test("the names and descriptions of the stub's voices state that they are tones", () => {
	const { capabilities } = stub.create({ name: "stub", kind: "stub", models: [], options: {} });
	assert.equal(capabilities.text_to_speech?.models, ["stub-speech"]);
	assert.equal(
		capabilities.text_to_speech?.voices?.map(({ id }) => id),
		["stub-low", "stub-high"],
	);
});

test("the stub refuses unsupported speech requests by name", async () => {
	const refusal = async (more: Partial<tts.Request>, text = "Hi"): Promise<string> => {
		const { code, message } = await failure(speech.unary(envelope(text, more), contextOf()));
		return `${code}: ${message}`;
	};
	assert.is(await refusal({ format: "mp3" }), "missing_capabilities: format: this backend makes wav and pcm, not mp3");
	assert.is(await refusal({ voice: "alloy" }), 'invalid_request: voice: the stub has no voice "alloy"; it has stub-low and stub-high');
	assert.is(
		await refusal({ input: { type: "ssml", ssml: "<speak/>" } }),
		"missing_capabilities: input: the stub does not offer supports_ssml",
	);
	assert.is(await refusal({ instructions: "Sing." }), "missing_capabilities: the stub does not offer supports_voice_instructions");
	assert.is(await refusal({}, "x".repeat(4097)), "invalid_request: input.text: it has 4097 characters, and the stub accepts 4096");
});

test("an abort ends speech of the stub, and nothing is stored", async () => {
	const abort = new AbortController();
	const media = memoryMedia();
	const events = speechOf({ delay_ms: 60_000 }).stream(envelope("one two"), contextOf({ signal: abort.signal, media }));
	const iterator = events[Symbol.asyncIterator]();
	assert.is((await iterator.next()).value?.type, "audio"); // The header.
	const next = failure(iterator.next().then(() => {}));
	abort.abort();
	assert.is((await next).code, "cancelled");
	assert.is(media.stored.size, 0);
});

test.run();
