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

/** CPU time from which a measurement counts, in microseconds. Less is mostly noise and fixed cost. */
const MIN_CPU_US = 1_000;

/** Factor between the small and the large input: two steps of four, because garbage collection and caches blur a single step. */
const FACTOR = 16;

/** Bound of the ratio. Linear cost has 16, and up to 80 with garbage collection on a busy machine. Quadratic cost has 256. */
const MAX_RATIO = 120;

/** Runs of each size in one comparison. */
const RUNS = 3;

/** Comparisons until one holds. Quadratic cost fails each of them. */
const ATTEMPTS = 4;

/**
 * Asserts that CPU time grows linearly: sixteen times the input costs less than 120 times the time. Quadratic cost would be 256
 * times the time.
 *
 * Compares a ratio instead of a time. A bound of time depends on the machine and its load: too strict, it fails at random; too loose, it
 * passes quadratic code at the size of the test. A ratio holds on every machine. The size is doubled until a run costs enough to
 * measure, so quadratic code is found at a small size. Noise only adds time, so each side is the minimum of several runs.
 */
export async function assertLinear({ name, make, run, from = 1024, to = 1 << 16 }: GrowthCase): Promise<void> {
	const cost = async (input: unknown, runs: number): Promise<number> => {
		let least = Number.POSITIVE_INFINITY;
		for (let each = 0; each < runs; each++) least = Math.min(least, await cpuOf(run, input));
		return least;
	};
	let size = from;
	let small = make(size);
	while (size < to && (await cost(small, 2)) < MIN_CPU_US) {
		size *= 2;
		small = make(size);
	}
	const large = make(FACTOR * size);
	let ratio = Number.POSITIVE_INFINITY;
	for (let attempt = 0; attempt < ATTEMPTS && ratio >= MAX_RATIO; attempt++) {
		ratio = Math.min(ratio, (await cost(large, RUNS)) / Math.max(await cost(small, RUNS), MIN_CPU_US / 2));
	}
	assert.ok(ratio < MAX_RATIO, `${name}: input of ${FACTOR * size} costs ${ratio.toFixed(1)} times as much as input of ${size}`);
}

/** Returns the CPU time of this thread for one run, in microseconds. */
async function cpuOf(run: (input: never) => unknown, input: unknown): Promise<number> {
	const before = process.threadCpuUsage();
	try {
		await Reflect.apply(run, undefined, [input]);
	} catch {
		// A refusal. Its cost counts.
	}
	const { user, system } = process.threadCpuUsage(before);
	return user + system;
}
