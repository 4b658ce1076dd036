/** Upper bounds of the latency buckets, in milliseconds: about three a decade up to a minute, with more where most latencies are. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
	1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_000, 10_000, 15_000, 20_000,
	30_000, 60_000,
];

/** Returns the index of the bucket of a latency. The last bucket holds all above the last bound. */
export function latencyBucket(ms: number): number {
	let low = 0;
	let high = LATENCY_BOUNDS_MS.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (ms <= (LATENCY_BOUNDS_MS[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
		else low = middle + 1;
	}
	return low;
}
