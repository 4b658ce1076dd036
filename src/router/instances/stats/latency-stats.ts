import { PeakEwma } from "./peak-ewma.ts";
import { RollingCounts } from "./rolling-counts.ts";

/** Statistics of one instance for one stats key: latency until the first output, and numbers of successes and failures. */
export class LatencyStats {
	readonly ewma = new PeakEwma();
	readonly counts: RollingCounts;

	/** @param intervalMs Interval of the counts, in milliseconds. */
	constructor(intervalMs: number) {
		this.counts = new RollingCounts(intervalMs);
	}
}
