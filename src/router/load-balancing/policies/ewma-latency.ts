import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { StatsKey } from "../../instances/stats/instance-stats.ts";
import type { PickContext } from "../pick-context.ts";
import { lowestScore } from "./lowest-score.ts";
import type { Picker } from "./policy.ts";

/** What an instance that was not measured lately is taken for while requests are under way, in milliseconds: one is its trial, not a rush. */
const COLD_MS = 1_000;

/**
 * The one that would answer soonest: its latency, by the peak-sensitive average, times the requests that are before this one, in
 * relation to its weight. One that was never measured, or not for long, is tried with a single request first.
 */
export class EwmaLatency implements Picker {
	readonly handlesSlowStart = true;
	readonly #random: Random;
	readonly #score: (instance: Instance, now: number) => number;
	#active: readonly Instance[] = [];

	constructor(random: Random, key: StatsKey) {
		this.#random = random;
		this.#score = ({ stats, weight }, now) => {
			const { ewma } = stats.latency(key);
			const { inFlight } = stats;
			const share = weight * stats.slowStartFactor(now);
			if (!ewma.fresh(now)) return inFlight === 0 ? 0 : (COLD_MS * (inFlight + 1)) / share;
			return (ewma.at(now) * (inFlight + 1)) / share;
		};
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(context: PickContext): Instance | undefined {
		return lowestScore(this.#active, this.#score, this.#random, context);
	}
}
