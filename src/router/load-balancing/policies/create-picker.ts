import type * as types from "../../../../generated/ir/types.ts";
import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { StatsKey } from "../../instances/stats/instance-stats.ts";
import { ConsistentHash } from "./consistent-hash.ts";
import { EwmaLatency } from "./ewma-latency.ts";
import { LeastInflight } from "./least-inflight.ts";
import type { Picker } from "./policy.ts";
import { Priority } from "./priority.ts";
import { RoundRobin } from "./round-robin.ts";
import { WeightedRandom } from "./weighted-random.ts";
import { WeightedRoundRobin } from "./weighted-round-robin.ts";

export interface PickerContext {
	/** All instances that `update` may name later. */
	readonly members: readonly Instance[];
	readonly random: Random;
	/** Key of the latencies that are compared. */
	readonly statsKey: StatsKey;
}

/** Creates the picker of a policy. */
export function createPicker(policy: types.Policy, { members, random, statsKey }: PickerContext): Picker {
	switch (policy) {
		case "round_robin":
			return new RoundRobin();
		case "weighted_round_robin":
			return new WeightedRoundRobin();
		case "weighted_random":
			return new WeightedRandom(random);
		case "least_inflight":
			return new LeastInflight(random);
		case "ewma_latency":
			return new EwmaLatency(random, statsKey);
		case "consistent_hash":
			return new ConsistentHash(members);
		case "priority":
			return new Priority();
	}
}
