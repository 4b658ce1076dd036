/** Process of a test: closes engines at each step of a task's start, while nothing else keeps the process alive. Exits with 7 if each `close` resolves. */
import process from "node:process";
import { EngineThread } from "../../../../src/backends/kit/engine/engine-thread.ts";
import type { ToyTask } from "./toy-thread.ts";

/** Turns of the microtask queue from `run` until the thread has the task, and some more. */
const STEPS = 12;

const entry = new URL("./toy-thread.ts", import.meta.url);
const { signal } = new AbortController();
for (let steps = 0; steps < STEPS; steps++) {
	const engine = new EngineThread<ToyTask, number, string>({ title: "toy", entry, settings: async () => "toy", maxPending: 8, idleMs: 0 });
	await engine.run({ count: 0 }, { signal });
	engine.run({ count: 0 }, { signal }).catch(() => {});
	for (let step = 0; step < steps; step++) await undefined;
	await engine.close();
}
process.exitCode = 7;
