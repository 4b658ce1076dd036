/**
 * Measures the word error rate of the local recognizer: `npm run measure:wer [-- --engine=native|wasm] [--show]`.
 *
 * Speaks sentences with the clear voices of the local synthesizer, and transcribes them in several forms, all through a host. Needs the models
 * `flite`, `silero-vad` and `moonshine-tiny`. Fails if the rate of clean prose is above 0.10. `--show` prints each sentence with errors.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { WavReader } from "../src/formats/wav-reader.ts";
import { createHost } from "../src/host/create-host.ts";
import { HARVARD_SENTENCES, PROSE_SENTENCES } from "./wer/sentences.ts";
import { VARIANTS, type Variant } from "./wer/variants.ts";
import { type WordErrors, wordErrors } from "./wer/word-errors.ts";

const VOICES = ["slt", "rms"];

/** Largest rate for clean speech. */
const MAX_CLEAN = 0.1;

const { values } = parseArgs({ options: { engine: { type: "string", default: "auto" }, show: { type: "boolean", default: false } } });

interface Spoken {
	readonly text: string;
	readonly voice: string;
	readonly samples: Float32Array;
	readonly rate: number;
}

const folder = mkdtempSync(join(tmpdir(), "spear-wer-"));
const host = await createHost({
	config: {
		host: { log_level: "warn", cache_dir: folder },
		media: { dir: join(folder, "media") },
		backends: { local: { kind: "local", options: { engine: values.engine } } },
	},
});
const client = host.client();

async function speak(text: string, voice: string): Promise<Spoken> {
	const reader = new WavReader();
	const samples: number[] = [];
	for await (const event of client.stream("text_to_speech", { input: { type: "text", text }, voice, format: "wav" }))
		if (event.type === "audio") samples.push(...reader.add(event.audio));
	return { text, voice, samples: Float32Array.from(samples), rate: reader.format?.sampleRate ?? 0 };
}

async function hear(bytes: Uint8Array): Promise<string> {
	const audio = { type: "inline", inline: { data: bytes, mime_type: "audio/wav" } } as const;
	return (await client.call("speech_to_text", { audio })).payload.text;
}

/** Speaks sentences, transcribes them in each form, and prints a line a form. Returns the rate of the first form. */
async function measure(title: string, sentences: readonly string[], variants: readonly Variant[]): Promise<number> {
	const spoken: Spoken[] = [];
	for (const voice of VOICES) for (const text of sentences) spoken.push(await speak(text, voice));
	const seconds = spoken.reduce((total, { samples, rate }) => total + samples.length / rate, 0);
	console.log(
		`\n${title}: ${sentences.length} sentences by ${VOICES.length} voices, ${seconds.toFixed(0)} seconds, engine ${values.engine}\n`,
	);
	console.log(`| recording | ${VOICES.join(" | ")} | all | times real time |\n| --- | ${"--- | ".repeat(VOICES.length)}--- | --- |`);
	let first: number | undefined;
	for (const variant of variants) {
		const scores: { readonly voice: string; readonly score: WordErrors }[] = [];
		const started = performance.now();
		for (const [index, { text, voice, samples, rate }] of spoken.entries()) {
			const heard = await hear(variant.recording(samples, rate, index + 1));
			const score = wordErrors(text, heard);
			if (values.show && score.errors > 0) console.log(`    ${voice} ${score.errors}: ${text} => ${heard}`);
			scores.push({ voice, score });
		}
		const factor = seconds / ((performance.now() - started) / 1000);
		const rates = VOICES.map((name) => rateOf(scores.flatMap(({ voice, score }) => (voice === name ? [score] : []))).toFixed(3));
		const all = rateOf(scores.map(({ score }) => score));
		first ??= all;
		console.log(`| ${variant.name} | ${rates.join(" | ")} | ${all.toFixed(3)} | ${factor.toFixed(0)} |`);
	}
	return first ?? Number.NaN;
}

/** Returns the word error rate: errors in all sentences by the words of all sentences. */
function rateOf(scores: readonly WordErrors[]): number {
	const total = (member: keyof WordErrors): number => scores.reduce((sum, score) => sum + score[member], 0);
	return total("errors") / total("words");
}

let clean = Number.NaN;
try {
	clean = await measure("Prose", PROSE_SENTENCES, VARIANTS);
	await measure("Sentences without context", HARVARD_SENTENCES, VARIANTS.slice(0, 1));
} finally {
	await host.close();
	rmSync(folder, { recursive: true, force: true });
}
if (!(clean <= MAX_CLEAN)) {
	console.error(`the word error rate of clean speech is ${clean.toFixed(3)}, above ${MAX_CLEAN}`);
	process.exitCode = 1;
}
