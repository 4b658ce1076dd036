/** Speech by flite itself. Skipped without the model. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { local } from "../../../../../src/backends/kinds/local/index.ts";
import { VOICES } from "../../../../../src/backends/protocols/local/tts/voices.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { served } from "../models.ts";
import { isInstalled } from "../real-models.ts";

const check = (await isInstalled("flite")) ? test : test.skip;

const instance = local.create({ name: "here", kind: "local", models: [], options: {} });
const speech = served(instance.operations.text_to_speech);

test.after(() => instance.close());

const SENTENCE = "The quick brown fox jumps over the lazy dog.";

async function speak(text: string, more: Partial<tts.Request> = {}): Promise<{ answer: tts.Response; samples: Int16Array }> {
	const media = memoryMedia();
	const payload: tts.Request = { input: { type: "text", text }, format: "wav", ...more };
	const answer = await speech.unary(envelopeOf("text_to_speech", payload), contextOf({ media }));
	const bytes = Uint8Array.from(media.stored.get("m1")?.bytes ?? []).subarray(payload.format === "pcm" ? 0 : 44);
	return { answer, samples: new Int16Array(bytes.slice().buffer) };
}

/** Root of the mean square of the samples, of at most 32,768. */
const loudness = (samples: Int16Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

check("each voice speaks a sentence of three seconds in its own way, and the sound is neither silent nor clipped", async () => {
	const spoken = new Set<string>();
	for (const { id } of VOICES) {
		const { answer, samples } = await speak(SENTENCE, { voice: id });
		const { duration_ms = 0 } = answer;
		assert.equal([answer.mime_type, answer.sample_rate], ["audio/wav", 16_000]);
		assert.ok(duration_ms > 2000 && duration_ms < 4000, `${id}: ${duration_ms} ms`);
		assert.is(Math.round(samples.length / 16), duration_ms, id);
		assert.ok(loudness(samples) > 1000 && loudness(samples) < 8000, `${id}: loudness ${loudness(samples)}`);
		assert.ok(samples.filter((value) => Math.abs(value) > 32_000).length < samples.length / 1000, `${id}: clipped`);
		spoken.add(Buffer.from(samples.buffer).toString("latin1"));
	}
	assert.is(spoken.size, VOICES.length);
});

check("the language selects the voice of a request that names none", async () => {
	const [american, british, scot] = await Promise.all([
		speak("Hello."),
		speak("Hello.", { language: "en-GB" }),
		speak("Hello.", { voice: "awb" }),
	]);
	assert.equal(british.samples, scot.samples);
	assert.not.equal(american.samples, scot.samples);
});

check("the speed is the ratio of the lengths", async () => {
	const { samples: normal } = await speak(SENTENCE);
	for (const speed of [0.25, 0.5, 2, 4]) {
		const ratio = normal.length / (await speak(SENTENCE, { speed })).samples.length;
		assert.ok(Math.abs(ratio / speed - 1) < 0.1, `speed ${speed}: ratio ${ratio}`);
	}
});

check("a stream has the sound of the whole recording, sentence by sentence", async () => {
	const text = `${SENTENCE} Please check the weather in Paris tomorrow.`;
	const { samples } = await speak(text);
	const chunks: Uint8Array[] = [];
	const payload: tts.Request = { input: { type: "text", text }, format: "pcm" };
	for await (const event of speech.stream(envelopeOf("text_to_speech", payload), contextOf({ media: memoryMedia() })))
		if (event.type === "audio") chunks.push(event.audio);
	assert.ok(Buffer.concat(chunks).equals(Buffer.from(samples.buffer)));
	const [first] = (await speak(SENTENCE)).samples;
	assert.is(samples[0], first);
});

check("numbers, marks and letters with accents are spoken", async () => {
	const short = (await speak("It is.")).samples.length;
	for (const text of ["It is 1984.", "It is £5.50.", "It is café.", "It is “quoted”."])
		assert.ok((await speak(text)).samples.length > short * 1.3, text);
});

check("text that looks like an option or a file is spoken as text", async () => {
	for (const text of ["-voice kal16", "/text", "--help", "a\u0000b"]) assert.ok((await speak(text)).samples.length > 5000, text);
});

test.run();
