import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpeechToTextBackend } from "../../../../generated/backends/speech-to-text.ts";
import type * as asr from "../../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { byteLength, SAMPLE_RATE, samplesOf, tonesOf } from "../../../../src/backends/kinds/stub/tts-tone.ts";
import { wavHeader } from "../../../../src/formats/wav-header.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { contextOf } from "../../context.ts";

const tones = tonesOf("Hello there", "stub-low", 1);
const wav = Buffer.concat([
	wavHeader(
		tones.reduce((sum, tone) => sum + byteLength(tone), 0),
		SAMPLE_RATE,
	),
	...tones.map(samplesOf),
]);
const media = memoryMedia({
	clip: { bytes: wav, mimeType: "audio/wav" },
	song: { bytes: Buffer.from("ID3 and so on"), mimeType: "audio/mpeg" },
});

function envelope(id: string, more: Partial<asr.Request> = {}): RequestEnvelope<"speech_to_text"> {
	return {
		version: 1,
		request_id: "r",
		operation: "speech_to_text",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload: { audio: { type: "stored", stored: `sms+file://${id}` }, ...more },
		provider_options: {},
	};
}

function transcriptsOf(options: Record<string, unknown> = {}): SpeechToTextBackend {
	const { operations } = stub.create({ name: "stub", kind: "stub", models: [], options });
	if (operations.speech_to_text === undefined) throw new Error("the stub does not listen");
	return operations.speech_to_text;
}

const transcripts = transcriptsOf();

test("the stub's transcript names the stub and the size of the recording", async () => {
	assert.equal(await transcripts.unary(envelope("clip"), contextOf({ media })), {
		text: `stub transcript of ${wav.length} bytes of audio/wav, 0.8 seconds`,
		duration: 0.76,
		segments: [],
		words: [],
	});
});

test("the stub states no duration for a recording other than WAV", async () => {
	assert.equal(await transcripts.unary(envelope("song", { language: "en", prompt: "x", task: "translate" }), contextOf({ media })), {
		text: "stub transcript of 13 bytes of audio/mpeg",
		segments: [],
		words: [],
	});
});

test("the stub streams its transcript word by word", async () => {
	const events: asr.Event[] = [];
	for await (const event of transcripts.stream(envelope("song"), contextOf({ media }))) events.push(event);
	assert.equal(events, [
		...["stub", " transcript", " of", " 13", " bytes", " of", " audio/mpeg"].map((text) => ({ type: "text", text })),
		{ type: "completed", completed: await transcripts.unary(envelope("song"), contextOf({ media })) },
	]);
});

test("the stub refuses timestamps and diarization by name", async () => {
	const error = await failure(transcripts.unary(envelope("clip", { timestamps: ["word"], diarize: true }), contextOf({ media })));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "the stub does not offer supports_timestamps, supports_diarization");
	assert.is((await failure(transcripts.unary(envelope("gone"), contextOf({ media })))).code, "not_permitted");
});

test("an abort ends a transcript of the stub", async () => {
	const abort = new AbortController();
	const result = failure(transcriptsOf({ delay_ms: 60_000 }).unary(envelope("clip"), contextOf({ signal: abort.signal, media })));
	abort.abort();
	assert.is((await result).code, "cancelled");
});

test.run();
