/**
 * Soak test of local realtime sessions: a transcription and a conversation hear speech for minutes, and the conversation is interrupted again
 * and again. Prints the memory of the process every half minute, and fails if memory grows or an interruption is late.
 *
 *     npm run soak:realtime -- --minutes 10 [--speed 1]
 *
 * Needs the models `flite`, `moonshine-tiny` and `silero-vad`, and a package of speech recognition.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type * as rt from "../generated/ir/rt.ts";
import { type ClientSession, createHost } from "../src/index.ts";
import { routedTo, sendAtSpeed, spoken } from "./soak/spoken-input.ts";
import { storyteller } from "./soak/storyteller.ts";

const { values } = parseArgs({
	options: { minutes: { type: "string", default: "10" }, speed: { type: "string", default: "1" } },
});
const minutes = Number(values.minutes);
const speed = Number(values.speed);
if (!(minutes > 0) || !(speed > 0)) throw new Error("--minutes and --speed must be numbers above 0");

/** Growth of the JavaScript heap that is none, in megabytes a minute. */
const MAX_GROWTH = 0.5;

/** Growth of the fewest buffers of a quarter that is none, in megabytes. Sound in flight comes and goes with the moment of a measurement. */
const MAX_BUFFER_GROWTH = 10;

/** Longest time between the start of speech and the last audio of the answer that it interrupts, in milliseconds. */
const MAX_LATE_MS = 100;

const SENTENCES = [
	["Please check the weather in Paris tomorrow.", "slt"],
	["The quick brown fox jumps over the lazy dog, and then it walks home through the quiet forest.", "rms"],
	["What time does the train to the city leave on Sunday morning?", "awb"],
] as const;

interface Counts {
	turns: number;
	partials: number;
	responses: number;
	interrupted: number;
	warnings: number;
	audioMs: number;
	lateMs: number;
}

/** Reads a session and counts its events. */
async function read(session: ClientSession, counts: Counts): Promise<void> {
	let speechAt = 0;
	let open: string | undefined;
	for await (const event of session) {
		const now = performance.now();
		switch (event.type) {
			case "speech_started":
				speechAt = now;
				if (open !== undefined) counts.interrupted++;
				break;
			case "input_transcript":
				counts.partials++;
				break;
			case "input_transcript_done":
				counts.turns++;
				break;
			case "response_started":
				counts.responses++;
				open = event.response_started;
				speechAt = 0;
				break;
			case "response_done":
				open = undefined;
				break;
			case "audio":
				counts.audioMs += event.audio.audio.length / 48;
				if (speechAt > 0) counts.lateMs = Math.max(counts.lateMs, now - speechAt);
				break;
			case "warning":
				counts.warnings++;
				console.log(`warning: ${event.warning.code}: ${event.warning.message}`);
				break;
			case "failed":
				throw new Error(event.failed.message);
		}
	}
}

/** Returns the slope of values over minutes, by least squares. */
function slope(points: readonly (readonly [minute: number, value: number])[]): number {
	const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
	const [x, y] = [mean(0), mean(1)];
	const spread = points.reduce((sum, [minute]) => sum + (minute - x) ** 2, 0);
	return points.reduce((sum, [minute, value]) => sum + (minute - x) * (value - y), 0) / spread;
}

const host = await createHost({
	config: {
		host: { log_level: "error" },
		limits: { max_realtime_s: 60 * (minutes + 10) },
		router: { decision_log: { capacity: 0 } }, // The log fills up to its capacity, which would look like growth.
		backends: { here: { kind: "local" }, chat: { kind: "storyteller" } },
	},
	kinds: [storyteller],
});
const client = host.client();
const delay = monitorEventLoopDelay({ resolution: 5 });
const counts: Counts = { turns: 0, partials: 0, responses: 0, interrupted: 0, warnings: 0, audioMs: 0, lateMs: 0 };
const inputs: Uint8Array[] = [];
for (const [text, voice] of SENTENCES) inputs.push(await spoken(client, "here", text, voice, 5000));

const requests: readonly rt.Request[] = [
	{ mode: "transcription", tools: [] },
	{ mode: "conversation", transcription_model: "moonshine-tiny", tools: [] },
];
const sessions = await Promise.all(requests.map((request) => client.connect(request, routedTo("here"))));
const reading = Promise.all(sessions.map((session) => read(session, counts)));
const startedAt = performance.now();
const elapsed = (): number => (performance.now() - startedAt) / 60_000;
let isOver = false;
const sending = Promise.all(
	sessions.map(async (session) => {
		for (let turn = 0; !isOver; turn++) await sendAtSpeed(session, inputs[turn % inputs.length] ?? new Uint8Array(), speed);
	}),
);
delay.enable();

const heap: (readonly [number, number])[] = [];
const buffers: number[] = [];
console.log("minute  rss MB  heap MB  buffers MB  turns  partials  answers  interrupted  late ms  loop max ms");
const print = (): void => {
	const loopMs = delay.max / 1e6;
	globalThis.gc?.();
	const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
	const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
	heap.push([elapsed(), heapUsed / 1e6]);
	buffers.push(arrayBuffers / 1e6);
	const { turns, partials, responses, interrupted, lateMs } = counts;
	const row = [elapsed().toFixed(1), mb(rss), mb(heapUsed), mb(arrayBuffers), turns, partials, responses, interrupted, lateMs.toFixed(1)];
	console.log(
		[...row, loopMs.toFixed(1)].map((cell, index) => String(cell).padStart([6, 8, 9, 12, 7, 10, 9, 13, 9, 13][index] ?? 8)).join(""),
	);
	delay.reset();
};
while (elapsed() < minutes) {
	await Promise.race([sleep(Math.min(30_000, 60_000 * (minutes - elapsed()) + 1)), reading]);
	print();
}
isOver = true;
await sending;
for (const session of sessions) session.close();
await reading;
await host.close();

const growth = heap.length < 4 ? 0 : slope(heap.slice(Math.ceil(heap.length / 4)));
const quarter = Math.ceil(buffers.length / 4);
const bufferGrowth = Math.min(...buffers.slice(-quarter)) - Math.min(...buffers.slice(quarter, 2 * quarter));
const faults = [
	...(bufferGrowth > MAX_BUFFER_GROWTH ? [`buffers grow by ${bufferGrowth.toFixed(1)} MB`] : []),
	...(growth > MAX_GROWTH ? [`the heap grows by ${growth.toFixed(2)} MB a minute`] : []),
	...(counts.lateMs > MAX_LATE_MS ? [`audio came ${counts.lateMs.toFixed(0)} ms after the speech that interrupts it`] : []),
	...(counts.turns === 0 || counts.interrupted === 0 ? ["no turn was heard or no answer was interrupted"] : []),
];
console.log(
	`heap after the first quarter: ${growth.toFixed(3)} MB a minute, buffers: ${bufferGrowth.toFixed(1)} MB; spoken: ${(counts.audioMs / 60_000).toFixed(1)} minutes`,
);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
