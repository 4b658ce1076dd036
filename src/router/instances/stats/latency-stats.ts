import { RollingCounts } from "./rolling-counts.ts";
import { WitnessedEwma } from "./witnessed-ewma.ts";

/** Statistics of one instance for one stats key: latency until the first output, and numbers of successes and failures. */
export class LatencyStats {
	readonly ewma = new WitnessedEwma();
	readonly counts: RollingCounts;

	/** @param intervalMs Interval of the counts, in milliseconds. */
	constructor(intervalMs: number) {
		this.counts = new RollingCounts(intervalMs);
	}
}
