/**
 * `npm run bench:local`: speech, transcripts and embeddings by the models of this machine, through a host. Each figure has its ratio to the
 * engine alone, measured in turns in the same run. Then ten clients speak and transcribe concurrently, and the delays of the event loop are
 * measured: by the clock, and by the computation of its thread. On a busy machine, only the second tells what the host does. Needs the models: `npm run spear -- models pull --default`.
 *
 *     npm run bench:local -- --json
 *
 * Clients stand for guests: their requests take the same way from normalize to the engines.
 */
import "./require-node.ts";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { VOICES } from "../src/backends/protocols/local/tts/voices.ts";
import { createHost, type HostClient, SpearError } from "../src/index.ts";
import { ModelStore } from "../src/model-store/model-store.ts";
import { encoderAlone, recognizerAlone, synthesizerAlone } from "./local-bench/engines-alone.ts";
import { loopDelays } from "./local-bench/loop-delays.ts";

const SENTENCE = "The ship left the harbor before the storm.";
const TEXT = `${SENTENCE} Her crew was tired, but the cargo was safe. Please put the new bearings on the second shelf.`;

/** Clients that speak and transcribe concurrently. */
const CLIENTS = 10;

/** Rounds of each measurement. The median counts. */
const ROUNDS = 7;

/** Texts of the large request for embeddings. */
const TEXTS = 64;

/** Bytes of a second of sound: 16,000 samples of 16 bits. */
const BYTES_PER_SECOND = 32_000;

/** Longest computation of the event loop in one turn that is acceptable, in milliseconds. */
const MAX_TURN_MS = 20;

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const store = new ModelStore();
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const milliseconds = async (run: () => unknown): Promise<number> => {
	const began = performance.now();
	await run();
	return performance.now() - began;
};

interface Spoken {
	readonly firstMs: number;
	readonly totalMs: number;
	readonly pcm: Uint8Array;
}

async function speak(client: HostClient, voice: string): Promise<Spoken> {
	const began = performance.now();
	let firstMs: number | undefined;
	const chunks: Uint8Array[] = [];
	for await (const event of client.stream("text_to_speech", { input: { type: "text", text: TEXT }, voice, format: "pcm" })) {
		if (event.type !== "audio") continue;
		firstMs ??= performance.now() - began;
		chunks.push(event.audio);
	}
	return { firstMs: firstMs ?? 0, totalMs: performance.now() - began, pcm: Buffer.concat(chunks) };
}

/** Speaks a text whole, and returns the reference of the recording. */
async function recording(client: HostClient) {
	const { payload } = await client.call("text_to_speech", { input: { type: "text", text: TEXT }, format: "wav" });
	return payload.audio;
}

function samplesOf(pcm: Uint8Array): Float32Array {
	const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
	return Float32Array.from({ length: pcm.byteLength / 2 }, (_, index) => view.getInt16(2 * index, true) / 32_768);
}

async function measure() {
	const host = await createHost({ config: { backends: { here: { kind: "local" } } } });
	try {
		const client = host.client();
		const loadMs = {
			speech: await milliseconds(() => speak(client, "slt")),
			embeddings: await milliseconds(() => client.call("embeddings", { input: [SENTENCE] })),
			transcripts: await milliseconds(async () => client.call("speech_to_text", { audio: await recording(client), task: "transcribe" })),
		};

		const synthesizer = await synthesizerAlone(store);
		const speech: Record<string, object> = {};
		for (const { id } of VOICES) {
			const rounds: { firstMs: number; firstRatio: number; factor: number; alone: number }[] = [];
			for (let round = 0; round < ROUNDS; round++) {
				const { firstMs, totalMs, pcm } = await speak(client, id);
				const alone = await milliseconds(() => synthesizer(TEXT, id));
				const first = await milliseconds(() => synthesizer(SENTENCE, id));
				const seconds = pcm.byteLength / BYTES_PER_SECOND;
				rounds.push({ firstMs, firstRatio: firstMs / first, factor: totalMs / 1000 / seconds, alone: alone / 1000 / seconds });
			}
			speech[id] = {
				first_audio_ms: median(rounds.map(({ firstMs }) => firstMs)),
				ratio_to_first_sentence: median(rounds.map(({ firstRatio }) => firstRatio)),
				real_time_factor: median(rounds.map(({ factor }) => factor)),
				ratio_to_engine: median(rounds.map(({ factor, alone }) => factor / alone)),
			};
		}

		const recognizer = await recognizerAlone(store, Math.max(1, Math.floor(availableParallelism() / 2)));
		const { pcm } = await speak(client, "slt");
		const samples = samplesOf(pcm);
		const audio = await recording(client);
		const heard: { factor: number; ratio: number }[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const ms = await milliseconds(() => client.call("speech_to_text", { audio, task: "transcribe" }));
			const alone = await milliseconds(() => recognizer(samples));
			heard.push({ factor: (ms / 1000) * (BYTES_PER_SECOND / pcm.byteLength), ratio: ms / alone });
		}

		const encoder = await encoderAlone(store);
		await encoder(SENTENCE);
		const texts = Array.from({ length: TEXTS }, (_, index) => `${SENTENCE} Number ${index}.`);
		const embedded: { oneMs: number; manyMs: number; alone: number }[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const oneMs = await milliseconds(() => client.call("embeddings", { input: [SENTENCE] }));
			const manyMs = await milliseconds(() => client.call("embeddings", { input: texts }));
			embedded.push({ oneMs, manyMs, alone: await milliseconds(() => encoder(SENTENCE)) });
		}

		const clients = Array.from({ length: CLIENTS }, () => host.client());
		const firsts: number[] = [];
		const busy = await loopDelays(() =>
			Promise.all(
				clients.map(async (each, index) => {
					firsts.push((await speak(each, VOICES[index % VOICES.length]?.id ?? "slt")).firstMs);
					await each.call("speech_to_text", { audio: await recording(each), task: "transcribe" });
				}),
			),
		);
		// The same machine with the same neighbours, while the host has nothing to do.
		const quiet = await loopDelays(() => sleep(3000));
		return {
			load_ms: loadMs,
			speech,
			transcripts: {
				real_time_factor: median(heard.map(({ factor }) => factor)),
				ratio_to_engine: median(heard.map(({ ratio }) => ratio)),
			},
			embeddings: {
				one_text_ms: median(embedded.map(({ oneMs }) => oneMs)),
				ratio_to_engine: median(embedded.map(({ oneMs, alone }) => oneMs / alone)),
				texts_a_second: median(embedded.map(({ manyMs }) => (1000 * TEXTS) / manyMs)),
			},
			concurrent: { clients: CLIENTS, total_ms: busy.total, first_audio_ms: { median: median(firsts), max: Math.max(...firsts) } },
			event_loop_ms: { busy, at_rest: quiet },
			memory_mb: process.memoryUsage().rss / 1e6,
		};
	} finally {
		await host.close();
	}
}

function print(result: Awaited<ReturnType<typeof measure>>): void {
	const { load_ms: load, transcripts, embeddings, concurrent, event_loop_ms: loop } = result;
	const line = (label: string, text: string): void => console.log(`${label.padEnd(14)}${text}`);
	line(
		"first request",
		Object.entries(load)
			.map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)
			.join(", "),
	);
	for (const [voice, figures] of Object.entries(result.speech)) line(`speak ${voice}`, describe(figures));
	line("transcribe", describe(transcripts));
	line("embed", describe(embeddings));
	line(
		`${concurrent.clients} clients`,
		`spoke and transcribed in ${(concurrent.total_ms / 1000).toFixed(1)} s, first audio after ${concurrent.first_audio_ms.median.toFixed(0)} ms (longest ${concurrent.first_audio_ms.max.toFixed(0)})`,
	);
	const verdict = loop.busy.longestComputation <= MAX_TURN_MS ? "within" : "ABOVE";
	line(
		"event loop",
		`longest computation ${loop.busy.longestComputation.toFixed(1)} ms, ${verdict} ${MAX_TURN_MS} ms; longest delay ${loop.busy.longest.toFixed(1)} ms, 99% below ${loop.busy.p99.toFixed(1)} (at rest ${loop.at_rest.longest.toFixed(1)} and ${loop.at_rest.p99.toFixed(1)})`,
	);
	line("memory", `${result.memory_mb.toFixed(0)} MB, the engines alone included`);
}

function describe(figures: object): string {
	return Object.entries(figures)
		.map(([name, value]) => `${name.replaceAll("_", " ")} ${Number(value).toFixed(2)}`)
		.join(", ");
}

try {
	const result = await measure();
	if (options.json) console.log(JSON.stringify(result));
	else print(result);
} catch (thrown) {
	if (!(thrown instanceof SpearError)) throw thrown;
	console.error(`bench:local: ${thrown.message}`);
	process.exitCode = 1;
}
