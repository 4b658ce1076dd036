/**
 * Measures a guest that watches its streams for writing all the time, as voice guests do.
 *
 * Prints the processor time that the guest takes while it is idle, and the time until it answers a frame.
 */
import "./require-node.ts";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { createHost, encodeFrame, UserStreams } from "../src/index.ts";
import { ECHO } from "../test/helpers/core-user-guests.ts";
import { assemble } from "../test/helpers/guest.ts";

const IDLE_MS = 5_000;
const FRAMES = 200;

const host = await createHost({ config: { host: { log_level: "silent" } } });
const agent = await host.load(await assemble(ECHO));
const streams = new UserStreams();
const running = agent.run("", { streams });
const frames = streams.frames();

async function echo(streamId: number): Promise<number> {
	const before = performance.now();
	await streams.send(encodeFrame({ streamId, type: 2, data: new Uint8Array(640) }));
	await frames.next();
	return performance.now() - before;
}

for (const streamId of [1, 2]) await echo(streamId);
await setTimeout(500);
const cpu = process.cpuUsage();
const start = performance.now();
await setTimeout(IDLE_MS);
const { user, system } = process.cpuUsage(cpu);
const share = (user + system) / 1_000 / (performance.now() - start);
console.log(`idle, two streams connected: ${(100 * share).toFixed(2)} % of a processor`);

const times: number[] = [];
for (let count = 0; count < FRAMES; count += 1) {
	await setTimeout(10 + (count % 7));
	times.push(await echo(1));
}
times.sort((a, b) => a - b);
console.log(
	`a frame and its echo: ${times[FRAMES / 2]?.toFixed(2)} ms in the median, ${times.at(-3)?.toFixed(2)} ms in the 99th percentile`,
);
const before = performance.now();
for (let count = 0; count < 20_000; count += 1) await echo(1);
console.log(`one after another: ${((1_000 * (performance.now() - before)) / 20_000).toFixed(1)} µs each`);
streams.close();
await running;
await host.close();
