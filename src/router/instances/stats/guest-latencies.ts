import { GuestMap } from "../../resilience/guests/guest-map.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Samples from which the latencies of one guest are used instead of those of all: the 95th percentile of fewer is their maximum. */
const MIN_SAMPLES = 20;

/** Latencies until the first output: of all requests, and of each of the guests that were active last. */
export class GuestLatencies {
	readonly #all = new LatencyHistogram();
	readonly #own = new GuestMap<LatencyHistogram>();

	/** Adds a sample, in milliseconds. */
	add(ms: number, guest: string): void {
		this.#all.add(ms);
		this.#own.touch(guest, () => new LatencyHistogram()).add(ms);
	}

	/** Returns the latencies of a guest, or those of all if the guest has too few. Otherwise large requests of one guest would change the delays of all. */
	of(guest: string): LatencyHistogram {
		const own = this.#own.get(guest);
		return own !== undefined && own.count >= MIN_SAMPLES ? own : this.#all;
	}
}
