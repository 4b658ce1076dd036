/** Speech of the kind `local`, with a program without a voice in place of the synthesizer. Each sentence runs in the real thread. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { SPEECH_RULES } from "../../../../../src/backends/protocols/local/tts/rules.ts";
import { ruleFor } from "../../../../../src/backends/rules.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { localInstance, NO_FILES, served, standInFiles } from "../models.ts";
import { BYTES_PER_CHARACTER } from "./stand-in-synthesizer.ts";

const files = await standInFiles();
const shared = localInstance(files);
const speech = served(shared.operations.text_to_speech);

test.after(() => shared.close());

const payloadOf = (text: string, more: Partial<tts.Request> = {}): tts.Request => ({
	input: { type: "text", text },
	format: "wav",
	...more,
});

async function speak(text: string, more: Partial<tts.Request> = {}): Promise<{ facts: Omit<tts.Response, "audio">; bytes: Buffer }> {
	const media = memoryMedia();
	const { audio: _, ...facts } = await speech.unary(envelopeOf("text_to_speech", payloadOf(text, more)), contextOf({ media }));
	return { facts, bytes: Buffer.from(media.stored.get("m1")?.bytes ?? []) };
}

/** Milliseconds of the stand-in's speech for a number of characters. */
const msOf = (characters: number): number => Math.round((characters * BYTES_PER_CHARACTER) / 32);

test("a whole recording is a WAV file with every sentence, whose header states its length", async () => {
	const { facts, bytes } = await speak("One. Two!");
	assert.equal(facts, { mime_type: "audio/wav", sample_rate: 16_000, duration_ms: msOf(8) });
	assert.is(bytes.length, 44 + 8 * BYTES_PER_CHARACTER);
	assert.equal([bytes.readUInt32LE(4), bytes.readUInt32LE(40)], [bytes.length - 8, bytes.length - 44]);
	const spoken = bytes.subarray(44).filter((_, index) => index % BYTES_PER_CHARACTER === 0);
	assert.is(Buffer.from(spoken).toString("latin1"), "One.Two!");
});

test("bare samples have no header, and the response states their rate", async () => {
	const { facts, bytes } = await speak("One. Two!", { format: "pcm" });
	assert.equal(facts, { mime_type: "audio/pcm", sample_rate: 16_000, duration_ms: msOf(8) });
	assert.is(bytes.length, 8 * BYTES_PER_CHARACTER);
});

test("a request without a format gets WAV, and the response declares the difference from the default", async () => {
	const media = memoryMedia();
	const answer = await speech.unary(envelopeOf("text_to_speech", { input: { type: "text", text: "Hi." } }), contextOf({ media }));
	assert.is(answer.mime_type, "audio/wav");
	assert.equal(answer.downgrades, [{ field: "format", effect: "changed", detail: "the audio is audio/wav instead of the default mp3" }]);
});

test("a stream begins with a header and the first sentence, before the second one is spoken", async () => {
	const media = memoryMedia();
	const abort = new AbortController();
	const events = speech.stream(envelopeOf("text_to_speech", payloadOf("One.\n<")), contextOf({ media, signal: abort.signal }));
	const sizes: number[] = [];
	const failed = await failure(
		(async () => {
			for await (const event of events) if (event.type === "audio") sizes.push(event.audio.length);
		})(),
	);
	assert.equal(sizes, [44, 4 * BYTES_PER_CHARACTER], "the sentence before the one that fails is complete");
	assert.equal([failed.code, failed.message], ["backend_error", "the engine of text to speech failed; the host's log has the reason"]);
	assert.match(String(failed.cause), "unreachable");
	assert.is((await speak("Next.")).facts.duration_ms, msOf(5), "the engine goes on");
});

test("events of a stream are one second at most", async () => {
	const text = "x".repeat(160);
	const sizes: number[] = [];
	for await (const event of speech.stream(envelopeOf("text_to_speech", payloadOf(text)), contextOf({ media: memoryMedia() })))
		if (event.type === "audio") sizes.push(event.audio.length);
	assert.equal(sizes, [44, 32_000, 160 * BYTES_PER_CHARACTER - 32_000]);
});

test("SSML is reduced to its text", async () => {
	const { facts } = await speak("", { input: { type: "ssml", ssml: "<speak>One <break time='1s'/>two</speak>" } });
	assert.is(facts.duration_ms, msOf(6));
});

test("letters of other scripts are left out, and the response declares it", async () => {
	const { facts } = await speak("Hi 你好");
	assert.equal(facts.downgrades, [{ field: "input.text", effect: "changed", detail: "2 letters of other scripts are not spoken" }]);
});

test("requests that the engine cannot serve are refused with the reason", async () => {
	const refused = async (text: string, more: Partial<tts.Request> = {}): Promise<string> => {
		const { code, message } = await failure(speech.unary(envelopeOf("text_to_speech", payloadOf(text, more)), contextOf()));
		return `${code}: ${message}`;
	};
	assert.is(await refused("Hi", { format: "mp3" }), "missing_capabilities: format: this backend makes wav and pcm, not mp3");
	assert.is(await refused("Hi", { voice: "kal" }), 'invalid_request: voice: this backend has no voice "kal"; it has slt, rms, awb, kal16');
	assert.is(await refused("Hi", { language: "fr" }), 'missing_capabilities: language: the voices speak English, not "fr"');
	assert.is(await refused("Hi", { instructions: "whisper" }), "missing_capabilities: instructions: the voices have one manner of speaking");
	assert.is(await refused("你好"), "invalid_request: input: it holds nothing that an English voice can speak");
	assert.match(await refused("x".repeat(8193)), "invalid_request: input: it has 8193 characters, and this backend speaks at most 8192");
	assert.is(await refused("Hi", { model: "tts-1" }), 'invalid_request: model: backend "here" does not serve "tts-1"; it serves flite');
	const { message } = await failure(speech.unary(envelopeOf("text_to_speech", payloadOf("Hi"), { pitch: 2 }), contextOf()));
	assert.is(message, "provider_options.pitch: this backend accepts none");
});

test("the rules reject what the backend refuses", () => {
	const payload = payloadOf("Hi");
	const treatment = (field: "format" | "language", value: never): string => ruleFor(SPEECH_RULES[field], value, payload).treatment;
	assert.equal(
		["wav", "pcm", "mp3", "opus", "flac", "aac"].map((format) => treatment("format", format as never)),
		["pass", "pass", "reject", "reject", "reject", "reject"],
	);
	assert.equal(
		["en", "EN-us", "en-GB", "enm", "de"].map((language) => treatment("language", language as never)),
		["map", "map", "map", "reject", "reject"],
	);
});

test("an abort ends a call at once, and the engine serves the next one", async () => {
	const abort = new AbortController();
	const order: string[] = [];
	const context = contextOf({ media: memoryMedia(), signal: abort.signal });
	const aborted = failure(speech.unary(envelopeOf("text_to_speech", payloadOf("=")), context)).finally(() => order.push("aborted"));
	const next = speak("Hi.").finally(() => order.push("next"));
	setTimeout(() => abort.abort(), 20);
	assert.is((await aborted).code, "cancelled");
	assert.is((await next).facts.duration_ms, msOf(3));
	assert.equal(order, ["aborted", "next"], "the call ends before its sentence, which the next one waits for");
});

test("concurrent requests speak in turns, one sentence each", async () => {
	const order: string[] = [];
	const say = async (name: string, text: string): Promise<void> => {
		for await (const event of speech.stream(
			envelopeOf("text_to_speech", payloadOf(text, { format: "pcm" })),
			contextOf({ media: memoryMedia() }),
		))
			if (event.type === "audio") order.push(name);
	};
	await Promise.all([say("a", "One. Two. Three. Four."), say("b", "Five.")]);
	assert.ok(order.indexOf("b") < order.lastIndexOf("a"), order.join(""));
});

test("a guest with many requests leaves turns to another one", async () => {
	const order: string[] = [];
	const say = async (guest: string, text: string): Promise<void> => {
		const context = contextOf({ media: memoryMedia(), guest });
		for await (const event of speech.stream(envelopeOf("text_to_speech", payloadOf(text, { format: "pcm" })), context))
			if (event.type === "audio") order.push(guest);
	};
	const many = Array.from({ length: 12 }, () => say("many", "One. Two. Three."));
	await Promise.all([...many, say("few", "Five. Six. Seven.")]);
	assert.equal(order.slice(0, 6), ["many", "few", "many", "few", "many", "few"]);
});

test("a request beyond the bound is refused before its first sentence", async () => {
	const small = localInstance(files, { max_pending_requests: 1 });
	try {
		const operation: TextToSpeechBackend = served(small.operations.text_to_speech);
		const call = () => operation.unary(envelopeOf("text_to_speech", payloadOf("One. Two. Three.")), contextOf({ media: memoryMedia() }));
		const admitted = Array.from({ length: 5 }, call);
		const { code, attribution } = await failure(call());
		assert.equal([code, attribution], ["rate_limited", "request"]);
		for (const { duration_ms } of await Promise.all(admitted)) assert.is(duration_ms, msOf(14));
		assert.is((await call()).duration_ms, msOf(14));
	} finally {
		await small.close();
	}
});

test("a missing model fails the request with its remedy, and shows in the check", async () => {
	const empty = localInstance(NO_FILES);
	try {
		const failed = await failure(served(empty.operations.text_to_speech).unary(envelopeOf("text_to_speech", payloadOf("Hi")), contextOf()));
		assert.equal([failed.code, failed.message], ["backend_error", "the model flite is not on this machine; run the command"]);
		const checked = await failure(empty.probe?.({ signal: new AbortController().signal, apiKey: undefined }) ?? Promise.resolve());
		assert.match(checked.message, "text_to_speech: the model flite is not on this machine; run the command");
	} finally {
		await empty.close();
	}
});

test.run();
