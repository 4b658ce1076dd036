/**
 * `npm run bench:local`: speech and embeddings of the kind `local` on this machine, with the models of the store. Prints the time to the first sound,
 * the time for a second of speech, and how long the event loop was held up while ten requests were served. `-- --json` prints JSON.
 */
import "./require-node.ts";
import { readFile } from "node:fs/promises";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { BackendContext } from "../generated/backends/backend.ts";
import type { RequestEnvelope } from "../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../generated/ir/operations.ts";
import type { Backend } from "../src/backends/backend.ts";
import { local } from "../src/backends/kinds/local/index.ts";
import { runProgram } from "../src/backends/protocols/local/tts/memory-system.ts";
import { VOICES } from "../src/backends/protocols/local/tts/voices.ts";
import { webAssembly } from "../src/backends/protocols/local/tts/web-assembly.ts";
import { ModelStore } from "../src/model-store/model-store.ts";

const SENTENCE = "The quick brown fox jumps over the lazy dog.";
const TEXT = `${SENTENCE} Please check the weather in Paris tomorrow. A red kite flies over the green hills.`;

/** Requests that run concurrently. */
const GUESTS = 10;

/** Rounds of each measurement. The median counts. */
const ROUNDS = 7;

const context: BackendContext = {
	signal: new AbortController().signal,
	requestId: "bench",
	apiKey: undefined,
	media: {
		open: () => Promise.reject(new Error("the benchmark opens no media")),
		async store(content, mimeType = "application/octet-stream") {
			let size = 0;
			for await (const bytes of content) size += bytes.byteLength;
			return { reference: { type: "stored", stored: "sms+file://bench" }, size, mimeType, sha256: "" };
		},
	},
};

function envelopeOf<O extends Operation>(operation: O, payload: OperationMap[O]["payload"]): RequestEnvelope<O> {
	return {
		version: 1,
		request_id: "bench",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload,
		provider_options: {},
	};
}

interface Spoken {
	readonly firstMs: number;
	readonly totalMs: number;
	readonly seconds: number;
}

async function speak(backend: Backend, voice: string): Promise<Spoken> {
	const began = performance.now();
	let firstMs: number | undefined;
	let bytes = 0;
	const payload = { input: { type: "text", text: TEXT }, voice, format: "pcm" } as const;
	const events = backend.operations.text_to_speech?.stream(envelopeOf("text_to_speech", payload), context);
	for await (const event of events ?? []) {
		if (event.type !== "audio") continue;
		firstMs ??= performance.now() - began;
		bytes += event.audio.length;
	}
	return { firstMs: firstMs ?? 0, totalMs: performance.now() - began, seconds: bytes / 32_000 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function repeated<T>(run: () => Promise<T>): Promise<T[]> {
	const results: T[] = [];
	for (let round = 0; round < ROUNDS; round++) results.push(await run());
	return results;
}

/** Returns the seconds of computation for a second of speech by the program alone, in this thread. */
async function engineAlone(path: string): Promise<(voice: string) => Promise<number>> {
	const module = await webAssembly.compile(await readFile(path));
	return async (voice) => {
		const began = performance.now();
		const files = new Map([["text", Buffer.from(TEXT)]]);
		const sound = await runProgram(module, {
			args: ["flite", "-voice", voice, "-f", "/text", "-o", "/sound"],
			files,
			output: "sound",
			maxOutput: 1 << 26,
		});
		return (performance.now() - began) / 1000 / ((sound.length - 44) / 32_000);
	};
}

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const backend = local.create({ name: "here", kind: "local", models: [], options: {} });
const began = performance.now();
await speak(backend, "slt");
const startMs = performance.now() - began;

const alone = await engineAlone((await new ModelStore().filesOf("flite")).get("flite.wasm") ?? "");
const voices: Record<string, Record<string, number>> = {};
for (const { id } of VOICES) {
	const rounds = await repeated(async () => ({ ...(await speak(backend, id)), alone: await alone(id) }));
	const factor = median(rounds.map(({ totalMs, seconds }) => totalMs / 1000 / seconds));
	const engine = median(rounds.map((round) => round.alone));
	voices[id] = { first_sound_ms: median(rounds.map(({ firstMs }) => firstMs)), real_time_factor: factor, ratio_to_engine: factor / engine };
}

const texts = Array.from({ length: 64 }, (_, index) => `${SENTENCE} Number ${index}.`);
const embed = async (input: readonly string[]): Promise<number> => {
	const start = performance.now();
	await backend.operations.embeddings?.unary(envelopeOf("embeddings", { input: [...input] }), context);
	return performance.now() - start;
};
await embed(["warm"]);
const embeddings = { one_ms: median(await repeated(() => embed([SENTENCE]))), sixty_four_ms: median(await repeated(() => embed(texts))) };

/** Longest delays of the event loop while `run` runs, in milliseconds. */
async function delayed<T>(
	run: () => Promise<T>,
): Promise<{ readonly value: T; readonly p99: number; readonly max: number; readonly cpu: number }> {
	const delay = monitorEventLoopDelay({ resolution: 1 });
	const before = process.threadCpuUsage();
	delay.enable();
	const value = await run();
	delay.disable();
	const { user, system } = process.threadCpuUsage(before);
	return { value, p99: delay.percentile(99) / 1e6 - 1, max: delay.max / 1e6 - 1, cpu: (user + system) / 1000 };
}

const { value: together, ...held } = await delayed(() =>
	Promise.all([
		...Array.from({ length: GUESTS }, (_, index) => speak(backend, VOICES[index % VOICES.length]?.id ?? "slt")),
		embed(texts).then((ms) => ({ firstMs: ms, totalMs: ms, seconds: 0 })),
	]),
);
// The same machine with the same neighbours, while the host has nothing to do.
const quiet = await delayed(() => sleep(5000));
const spoken = together.slice(0, GUESTS);
const ten = {
	first_sound_ms_median: median(spoken.map(({ firstMs }) => firstMs)),
	first_sound_ms_max: Math.max(...spoken.map(({ firstMs }) => firstMs)),
	seconds_of_speech: spoken.reduce((sum, { seconds }) => sum + seconds, 0),
	total_ms: Math.max(...spoken.map(({ totalMs }) => totalMs)),
	event_loop: { p99_ms: held.p99, max_ms: held.max, cpu_ms: held.cpu },
	event_loop_at_rest: { p99_ms: quiet.p99, max_ms: quiet.max },
};
await backend.close();

const result = { start_ms: startMs, voices, embeddings, ten_guests: ten, memory_mb: process.memoryUsage().rss / 1e6 };
if (options.json) console.log(JSON.stringify(result));
else {
	console.log(`first start, with the load of the engine: ${startMs.toFixed(0)} ms`);
	for (const [voice, { first_sound_ms = 0, real_time_factor = 0, ratio_to_engine = 0 }] of Object.entries(voices))
		console.log(
			`${voice.padEnd(6)} first sound ${first_sound_ms.toFixed(0).padStart(4)} ms, ${real_time_factor.toFixed(3)} s a second of speech, ${ratio_to_engine.toFixed(2)} of the engine alone`,
		);
	console.log(`embeddings: one text ${embeddings.one_ms.toFixed(0)} ms, 64 texts ${embeddings.sixty_four_ms.toFixed(0)} ms`);
	console.log(
		`${GUESTS} guests at once: first sound ${ten.first_sound_ms_median.toFixed(0)} ms (at most ${ten.first_sound_ms_max.toFixed(0)}), ${ten.seconds_of_speech.toFixed(0)} s of speech in ${(ten.total_ms / 1000).toFixed(1)} s`,
	);
	console.log(
		`event loop held up: p99 ${held.p99.toFixed(1)} ms, at most ${held.max.toFixed(1)} ms (at rest: ${quiet.p99.toFixed(1)} and ${quiet.max.toFixed(1)}); ${held.cpu.toFixed(0)} ms of computation in this thread`,
	);
	console.log(`memory of the process: ${result.memory_mb.toFixed(0)} MB`);
}
