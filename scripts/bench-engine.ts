/**
 * `npm run bench:engine`: the cost of the guest engine, beside jco's code and raw core WebAssembly, in one run and in turns.
 *
 * The host's functions do nothing, so that the figures are those of the engine: lifting, lowering, suspension and the guest's own side. Figures are
 * the lower quartile over rounds, and medians over new processes for loads; compare them with each other, and not with those of another run.
 *
 *     npm run bench:engine -- [rounds] [calls per round]
 */
import "./require-node.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type LoadOptions, loadComponent } from "../src/abi/component/load.ts";
import type { LoadedComponent } from "../src/abi/component/loaded-component.ts";
import { buildGuest } from "../src/build/build-guest.ts";
import { coldLoad } from "./engine-bench/cold-load.ts";
import { C_GUEST, engineImports, QUICKJS_GUEST, rawCalls } from "./engine-bench/guests.ts";
import { heapOfInstances } from "./engine-bench/heap.ts";
import { lowerQuartile } from "./lower-quartile.ts";

const [rounds = 15, calls = 2_000] = process.argv.slice(2).map(Number);

/** New processes that load a guest, for the median. */
const PROCESSES = 5;

interface Engine {
	readonly name: string;
	readonly options: LoadOptions;
}

const work = mkdtempSync(join(tmpdir(), "spear-bench-engine-"));
const ENGINES: readonly Engine[] = [
	{ name: "direct", options: { engine: "direct" } },
	{ name: "unmetered", options: { engine: "direct", metering: "off" } },
	{ name: "jco", options: { engine: "jco", cacheDirectory: work } },
];

/** Returns the lower quartile of microseconds of one call, for each engine. */
async function inTurns(acts: readonly (() => Promise<void>)[], per: number): Promise<number[]> {
	const times: number[][] = acts.map(() => []);
	for (let round = -2; round < rounds; round += 1) {
		for (const [index, act] of acts.entries()) {
			const start = performance.now();
			await act();
			const us = ((performance.now() - start) * 1000) / per;
			if (round >= 0) times[index]?.push(us);
		}
	}
	return times.map(lowerQuartile);
}

function print(name: string, figures: readonly number[], unit: string, goal: string): void {
	console.log(`${name.padEnd(34)} ${figures.map((figure) => figure.toFixed(2).padStart(10)).join(" ")}  ${unit.padEnd(3)} ${goal}`);
}

async function runner(component: LoadedComponent, input: string): Promise<() => Promise<void>> {
	const instance = await component.instantiate(engineImports());
	return async () => {
		const outcome = await instance.run(input);
		if (!("ok" in outcome)) throw new Error(`the guest failed: ${JSON.stringify(outcome)}`);
	};
}

try {
	writeFileSync(join(work, "guest.ts"), QUICKJS_GUEST);
	const { component: path, prepared } = await buildGuest({ entry: join(work, "guest.ts"), out: join(work, "guest.wasm") });
	const quickjs = await Promise.all(ENGINES.map(({ options }) => loadComponent(path, options)));
	const { parse } = await import("@bytecodealliance/jco");
	const c = await Promise.all(ENGINES.map(async ({ options }) => loadComponent(await parse(C_GUEST(calls)), options)));
	console.log(
		`lower quartile of ${rounds} rounds of ${calls} calls\n\n${"".padEnd(34)} ${ENGINES.map(({ name }) => name.padStart(10)).join(" ")}`,
	);
	for (const [name, goal] of [
		["log", "<= 1"],
		["features", "<= 3"],
		["next", "<= 3"],
	] as const) {
		const acts = await Promise.all(quickjs.map((component) => runner(component, `${name} ${calls}`)));
		print(`${name}, from QuickJS`, await inTurns(acts, calls), "µs", goal);
	}
	print("log, from a guest like C's", await inTurns(await Promise.all(c.map((component) => runner(component, ""))), calls), "µs", "<= 0.4");
	const raw = await rawCalls(calls);
	print("call of raw core WebAssembly", await inTurns([raw], calls), "µs", "");
	const empty = await Promise.all(quickjs.map((component) => runner(component, "nothing 0")));
	const repeated = empty.map((act) => async () => {
		for (let index = 0; index < 200; index += 1) await act();
	});
	print("empty run", await inTurns(repeated, 200), "µs", "<= 5");
	const fresh = quickjs.map((component) => async () => {
		for (let index = 0; index < 10; index += 1) (await component.instantiate(engineImports())).close();
	});
	print(
		"new instance",
		(await inTurns(fresh, 10)).map((us) => us / 1000),
		"ms",
		"<= 1.5",
	);
	const [direct] = quickjs;
	if (direct?.reserve !== undefined) {
		const pooled: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			direct.reserve(1);
			const imports = engineImports();
			const start = performance.now();
			const instance = await direct.instantiate(imports);
			pooled.push(performance.now() - start);
			instance.close();
		}
		print("instance from the pool", [lowerQuartile(pooled)], "ms", "<= 0.3");
	}
	for (const [name, guest] of [
		["agent.wasm", path],
		["agent.spear", prepared],
	] as const) {
		const { ms, cpuMs, mainCpuMs } = await coldLoad(guest, PROCESSES);
		print(`load of ${name}: time, CPU, main`, [ms, cpuMs, mainCpuMs], "ms", "<= 60");
	}
	for (const [index, { name }] of ENGINES.entries()) {
		const component = quickjs[index];
		if (component !== undefined)
			print(`heap, memory of a guest: ${name}`, await heapOfInstances(component, engineImports), "MB", "heap <= 0.25");
	}
} finally {
	rmSync(work, { recursive: true, force: true });
}
