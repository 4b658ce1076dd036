import { performance } from "node:perf_hooks";
import process from "node:process";
import * as assert from "uvu/assert";

/** A parser, and input that grows. */
export interface GrowthCase {
	readonly name: string;
	/** Returns input of about `size` bytes or items. A run must not change it. */
	readonly make: (size: number) => unknown;
	/** Parses the input. May throw: a refusal has a cost too. */
	readonly run: (input: never) => unknown;
	/** Size to begin with. The default is 1024. */
	readonly from?: number;
	/** Largest size to compare with sixteen times as much. The default is 2¹⁶. Input that costs nothing measurable at this size is cheap enough. */
	readonly to?: number;
}

/** Time of one run from which sixteen runs are a measurement, in microseconds. Less is mostly timers and fixed cost. */
const MIN_US = 200;

/** Factor between the small and the large input. Two steps of four, because caches and garbage collection blur a single step. */
const FACTOR = 16;

/** Bound of the ratio: the geometric mean of 16, for linear cost, and 256, for quadratic cost. `n log n` has about 22. */
const MAX_RATIO = 64;

/** Runs of an input that decide about its size. The first ones are slow, because their code is not compiled yet. */
const TRIALS = 5;

/** Comparisons until one holds. */
const ROUNDS = 16;

/** Measurements of the small input in each round. A single one that another process delays would hide a large ratio. */
const SMALL_TRIALS = 3;

/**
 * Asserts that time grows linearly: sixteen times the input costs less than 64 times the time. Quadratic cost would be 256 times the
 * time.
 *
 * Compares a ratio instead of a time. A bound of time depends on the machine and its load: too strict, it fails at random; too loose, it
 * passes quadratic code at the size of the test. The size is doubled until a run costs enough to measure, so quadratic code is found at
 * a small size.
 */
export async function assertLinear(growth: GrowthCase): Promise<void> {
	const { size, ratio } = await growthRatio(growth);
	assert.ok(ratio < MAX_RATIO, `${growth.name}: input of ${FACTOR * size} costs ${ratio.toFixed(1)} times as much as input of ${size}`);
}

/**
 * Returns the size that was compared with sixteen times as much, and the ratio of their costs.
 *
 * - Compares one run over the large input with sixteen runs over the small one. Linear code works and allocates equally in both, so
 *   garbage collection and the load of the machine cost both the same.
 * - Noise only adds time, so each side is the least of all rounds. A round within the bound ends them: quadratic cost never has one.
 * - The large input goes first. Otherwise the small side would be slow for lack of compiled code, which hides a large ratio.
 */
export async function growthRatio({ make, run, from = 1024, to = 1 << 16 }: GrowthCase): Promise<{ size: number; ratio: number }> {
	let size = from;
	let small = make(size);
	while (size < to && (await isCheap(run, small))) {
		size *= 2;
		small = make(size);
	}
	const large = make(FACTOR * size);
	const least = { large: Number.POSITIVE_INFINITY, small: Number.POSITIVE_INFINITY };
	const ratio = (): number => (FACTOR * least.large) / least.small;
	for (let round = 0; round < ROUNDS && !(ratio() < MAX_RATIO); round++) {
		least.large = Math.min(least.large, await timeOf(run, large, 1));
		for (let trial = 0; trial < SMALL_TRIALS; trial++) least.small = Math.min(least.small, await timeOf(run, small, FACTOR));
	}
	return { size, ratio: ratio() };
}

/** Returns true if a run takes too little time to measure. */
async function isCheap(run: (input: never) => unknown, input: unknown): Promise<boolean> {
	for (let trial = 0; trial < TRIALS; trial++) if ((await timeOf(run, input, 1)) < MIN_US) return true;
	return false;
}

/**
 * Returns the time of some runs, in microseconds: the shorter of elapsed time, which includes other processes, and CPU time, which
 * includes other threads. The CPU time of a thread is of no use here: Linux advances it by scheduler ticks of 4 ms.
 */
async function timeOf(run: (input: never) => unknown, input: unknown, runs: number): Promise<number> {
	const started = performance.now();
	const before = process.cpuUsage();
	for (let each = 0; each < runs; each++) {
		try {
			await Reflect.apply(run, undefined, [input]);
		} catch {
			// A refusal. Its cost counts.
		}
	}
	const { user, system } = process.cpuUsage(before);
	return Math.max(1, Math.min(user + system, (performance.now() - started) * 1000));
}
