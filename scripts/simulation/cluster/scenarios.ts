import type { Scenario } from "../scenario.ts";
import { LARGE, type Scale, SMALL } from "./scale.ts";
import { clocks } from "./scenarios/clocks.ts";
import { deadBackend } from "./scenarios/dead-backend.ts";
import { liar } from "./scenarios/liar.ts";
import { manyBackends } from "./scenarios/many-backends.ts";
import { overload } from "./scenarios/overload.ts";
import { partition } from "./scenarios/partition.ts";
import { rollingRestart } from "./scenarios/rolling-restart.ts";
import { slowStore } from "./scenarios/slow-store.ts";
import { smallLimit } from "./scenarios/small-limit.ts";
import { storeLost } from "./scenarios/store-lost.ts";
import { unequal } from "./scenarios/unequal.ts";

/** The scenarios that play in two sizes. */
const ofScale = (scale: Scale): readonly Scenario[] =>
	[smallLimit, unequal, storeLost, slowStore, partition, clocks, rollingRestart].map((scenario) => scenario(scale));

/** The scenarios of many hosts, in the order of the report. */
export const CLUSTER_SCENARIOS: readonly Scenario[] = [
	overload,
	...ofScale(SMALL),
	deadBackend,
	liar,
	manyBackends({ name: "hints-many-backends", hosts: 20, backends: 500, perSecond: 1_000, maxFailures: 0.5 }),
];

/** The scenarios that take minutes. */
export const LARGE_SCENARIOS: readonly Scenario[] = [
	...ofScale(LARGE),
	manyBackends({ name: "hints-100-hosts", hosts: 100, backends: 1_000, perSecond: 2_000, maxFailures: 0.5 }),
	manyBackends({ name: "hints-10000-backends", hosts: 10, backends: 10_000, perSecond: 2_000, maxFailures: 4 }),
];
