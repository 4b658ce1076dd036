import process from "node:process";

/** A call to measure: resolves when its answer was read. */
export type Act = () => Promise<unknown>;

/** Measurements of one round: equal calls, a number of them concurrent. */
export interface Round {
	readonly perSecond: number;
	/** CPU time of this process for one call, with garbage collection, in milliseconds. */
	readonly cpuMs: number;
	/** Time of each call, in milliseconds. */
	readonly latencies: readonly number[];
}

/** Rounds before the first that counts, in which V8 compiles what the calls use. */
const WARM_UP = 4;

/** Makes `calls` calls, `concurrency` of them at each time. */
async function round(act: Act, calls: number, concurrency: number): Promise<Round> {
	const latencies: number[] = [];
	let left = calls;
	const worker = async (): Promise<void> => {
		while (left-- > 0) {
			const began = performance.now();
			await act();
			latencies.push(performance.now() - began);
		}
	};
	const before = process.cpuUsage();
	const began = performance.now();
	await Promise.all(Array.from({ length: concurrency }, worker));
	const ms = performance.now() - began;
	const { user, system } = process.cpuUsage(before);
	return { perSecond: (calls * 1_000) / ms, cpuMs: (user + system) / 1_000 / calls, latencies };
}

/** Figures of two ways to make the same calls, in turns. */
export interface Comparison {
	readonly concurrency: number;
	/** Median over the rounds, for each way. */
	readonly perSecond: Pair;
	readonly cpuMs: Pair;
	/** 99th percentile of the latencies of all rounds, in milliseconds. */
	readonly p99Ms: Pair;
	/** Median over the rounds of the ratio of calls a second within one round: the second way to the first. */
	readonly ratio: number;
}

type Pair = readonly [undici: number, spear: number];

/** Compares two ways round by round. Each round has both, in alternating order, so that both have the same share of the noise of the machine. */
export async function compare(ways: readonly [Act, Act], calls: number, concurrency: number, rounds: number): Promise<Comparison> {
	const found: [Round[], Round[]] = [[], []];
	for (let turn = -WARM_UP; turn < rounds; turn++) {
		for (const way of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
			const measured = await round(ways[way], calls, concurrency);
			if (turn >= 0) found[way].push(measured);
		}
	}
	const pair = (of: (measured: readonly Round[]) => number): Pair => [of(found[0]), of(found[1])];
	return {
		concurrency,
		perSecond: pair((measured) => median(measured.map(({ perSecond }) => perSecond))),
		cpuMs: pair((measured) => median(measured.map(({ cpuMs }) => cpuMs))),
		p99Ms: pair((measured) =>
			quantile(
				measured.flatMap(({ latencies }) => latencies),
				0.99,
			),
		),
		ratio: median(found[1].map(({ perSecond }, index) => perSecond / (found[0][index]?.perSecond ?? Number.NaN))),
	};
}

function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
