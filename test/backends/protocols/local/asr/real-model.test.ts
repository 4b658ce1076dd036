/** Transcripts by the recognizer itself, of speech by flite. Skipped without the models. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as asr from "../../../../../generated/ir/asr.ts";
import { PROSE_SENTENCES } from "../../../../../scripts/wer/sentences.ts";
import { wordErrors } from "../../../../../scripts/wer/word-errors.ts";
import type { Backend } from "../../../../../src/backends/backend.ts";
import { local } from "../../../../../src/backends/kinds/local/index.ts";
import { Resampler } from "../../../../../src/formats/resampler.ts";
import { WavReader } from "../../../../../src/formats/wav-reader.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { wavFile } from "../../../../helpers/wav-file.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { served } from "../models.ts";
import { isInstalled } from "../real-models.ts";

const installed = await Promise.all(["moonshine-tiny", "silero-vad", "flite"].map(isInstalled));
const check = installed.every((each) => each) ? test : test.skip;

const instanceOf = (engine: string): Backend => local.create({ name: engine, kind: "local", models: [], options: { engine } });
const native = instanceOf("native");
const wasm = instanceOf("wasm");

test.after(async () => {
	await native.close();
	await wasm.close();
});

const FIRST = "I went to the woods because I wished to live deliberately.";
const SECOND = "There is no truth that is easier to tell.";

/** Returns what flite speaks, at 16 kHz. */
async function spoken(text: string): Promise<Float32Array> {
	const media = memoryMedia();
	const payload = { input: { type: "text", text }, voice: "slt", format: "wav" } as const;
	await served(native.operations.text_to_speech).unary(envelopeOf("text_to_speech", payload), contextOf({ media }));
	return new WavReader().add(media.stored.get("m1")?.bytes ?? new Uint8Array());
}

const joined = (...parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));
const silence = (seconds: number): Float32Array => new Float32Array(16_000 * seconds);

async function hear(backend: Backend, recording: Uint8Array, more: Partial<asr.Request> = {}, signal?: AbortSignal): Promise<asr.Response> {
	const audio = { type: "inline", inline: { data: new Uint8Array(recording), mime_type: "audio/wav" } } as const;
	const context = contextOf({ media: memoryMedia(), ...(signal === undefined ? {} : { signal }) });
	return served(backend.operations.speech_to_text).unary(envelopeOf("speech_to_text", { audio, ...more }), context);
}

const rate = (text: string, heard: string): number => {
	const { errors, words } = wordErrors(text, heard);
	return errors / words;
};

check("the native package and the one in WebAssembly write down what was said", async () => {
	const recording = wavFile(await spoken(FIRST), 16_000);
	for (const backend of [native, wasm]) {
		const { text, language } = await hear(backend, recording);
		assert.is(rate(FIRST, text), 0, text);
		assert.is(language, "en");
	}
});

check("sentences apart are segments with their times", async () => {
	const [first, second] = await Promise.all([spoken(FIRST), spoken(SECOND)]);
	const recording = wavFile(joined(silence(1), first, silence(2), second, silence(1)), 16_000);
	const { segments, duration } = await hear(native, recording, { timestamps: ["segment"] });
	assert.is(duration, (recording.length - 44) / 32_000);
	assert.is(segments.length, 2);
	const length = first.length / 16_000;
	const near = (time: number | undefined, expected: number): void =>
		assert.ok(Math.abs((time ?? 0) - expected) < 0.5, `${time}, not ${expected}`);
	near(segments[0]?.start, 1);
	near(segments[0]?.end, 1 + length);
	near(segments[1]?.start, 3 + length);
	assert.ok(rate(FIRST, segments[0]?.text ?? "") <= 0.2);
});

check("silence and noise have no text", async () => {
	let state = 1;
	const noise = silence(4).map(() => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
		return (state / 0x7fff_ffff - 0.5) / 10;
	});
	assert.is((await hear(native, wavFile(silence(4), 16_000))).text, "");
	assert.is((await hear(native, wavFile(noise, 16_000))).text, "");
});

check("a single short word is heard, in its own recording", async () => {
	assert.is(rate("Yes.", (await hear(native, wavFile(await spoken("Yes."), 16_000))).text), 0);
});

check("speech of more than 15 seconds without a pause is whole, in the rate of music", async () => {
	const texts = PROSE_SENTENCES.slice(0, 6);
	const parts: Float32Array[] = [];
	for (const text of texts) parts.push((await spoken(text)).subarray(2000, -2000));
	const resampler = new Resampler(16_000, 44_100);
	const recording = wavFile(joined(resampler.add(joined(...parts)), resampler.end()), 44_100);
	const { text, segments, duration = 0 } = await hear(native, recording, { timestamps: ["segment"] });
	assert.ok(duration > 20 && segments.length >= 2, `${segments.length} segments of ${duration} s`);
	for (const { start, end } of segments) assert.ok(end - start <= 15.04, `${start} to ${end}`);
	assert.ok(rate(texts.join(" "), text) < 0.2, text);
});

check("ten concurrent requests have the text of one", async () => {
	const recording = wavFile(await spoken(SECOND), 16_000);
	const { text } = await hear(native, recording);
	const all = await Promise.all(Array.from({ length: 10 }, () => hear(native, recording)));
	assert.equal(new Set(all.map((each) => each.text)), new Set([text]));
});

check("an abort in the middle ends a request within 100 ms", async () => {
	const recording = wavFile(joined(...Array.from({ length: 8 }, () => silence(1)), await spoken(FIRST)), 16_000);
	const abort = new AbortController();
	const heard = failure(hear(wasm, recording, {}, abort.signal));
	await new Promise((resolve) => setTimeout(resolve, 50));
	const started = performance.now();
	abort.abort();
	assert.is((await heard).code, "cancelled");
	assert.ok(performance.now() - started < 100);
});

test.run();
