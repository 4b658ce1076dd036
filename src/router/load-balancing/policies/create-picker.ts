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

const CREATE: { readonly [P in types.Policy]: (context: PickerContext) => Picker } = {
	round_robin: () => new RoundRobin(),
	weighted_round_robin: () => new WeightedRoundRobin(),
	weighted_random: ({ random }) => new WeightedRandom(random),
	least_inflight: ({ random }) => new LeastInflight(random),
	ewma_latency: ({ random, statsKey }) => new EwmaLatency(random, statsKey),
	consistent_hash: ({ members }) => new ConsistentHash(members),
	priority: () => new Priority(),
};

/** All policies. */
export const POLICIES: readonly types.Policy[] = Object.keys(CREATE).filter(isPolicy);

/** Creates the picker of a policy. */
export function createPicker(policy: types.Policy, context: PickerContext): Picker {
	return CREATE[policy](context);
}

function isPolicy(name: string): name is types.Policy {
	return Object.hasOwn(CREATE, name);
}
