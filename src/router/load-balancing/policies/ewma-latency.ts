import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { StatsKey } from "../../instances/stats/instance-stats.ts";
import type { PickContext } from "../pick-context.ts";
import { lowestScore, type Score } from "./lowest-score.ts";
import type { Picker } from "./policy.ts";

/**
 * Latency of an instance without recent samples while it has requests in flight, in milliseconds: above most first outputs. Otherwise all
 * requests would go to an unmeasured instance until its first answer. Without requests in flight its score is 0, so that one measures it.
 */
const COLD_MS = 1_000;

/**
 * Picks the instance that would answer soonest: the lowest product of its average latency and the requests in flight, relative to its
 * weight. An instance without recent samples gets a single request first.
 */
export class EwmaLatency implements Picker {
	readonly handlesSlowStart = true;
	readonly #random: Random;
	readonly #score: Score;
	#active: readonly Instance[] = [];

	constructor(random: Random, statsKey: StatsKey) {
		this.#random = random;
		this.#score = ({ stats, weight }, { operation, now, guest }) => {
			const { ewma } = stats.latency(statsKey);
			const { inFlight } = stats;
			const share = weight * stats.slowStartFactor(operation, now);
			if (!ewma.fresh(now, guest)) return inFlight === 0 ? 0 : (COLD_MS * (inFlight + 1)) / share;
			return (ewma.at(now, guest) * (inFlight + 1)) / share;
		};
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(context: PickContext): Instance | undefined {
		return lowestScore(this.#active, this.#score, this.#random, context);
	}
}
