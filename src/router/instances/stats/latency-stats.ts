import { PeakEwma } from "./peak-ewma.ts";
import { RollingCounts } from "./rolling-counts.ts";

/** How an instance does with requests of one shape: their latency until the first output, and how many succeeded. */
export class LatencyStats {
	readonly ewma = new PeakEwma();
	readonly counts: RollingCounts;

	constructor(intervalMs: number) {
		this.counts = new RollingCounts(intervalMs);
	}
}
