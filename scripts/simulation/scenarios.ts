import type { Scenario } from "./scenario.ts";
import { storm429 } from "./scenarios/429-storm.ts";
import { deadRegion } from "./scenarios/dead-region.ts";
import { flapping } from "./scenarios/flapping.ts";
import { hashMoves } from "./scenarios/hash-moves.ts";
import { hedging } from "./scenarios/hedging.ts";
import { hostileGuest } from "./scenarios/hostile-guest.ts";
import { silentOne } from "./scenarios/silent-one.ts";
import { slowOne } from "./scenarios/slow-one.ts";
import { tenThousand } from "./scenarios/ten-thousand.ts";
import { thunderingRecovery } from "./scenarios/thundering-recovery.ts";
import { totalOutage } from "./scenarios/total-outage.ts";
import { weights } from "./scenarios/weights.ts";

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
	slowOne,
	flapping,
	storm429,
	deadRegion,
	totalOutage,
	thunderingRecovery,
	tenThousand,
	weights,
	hashMoves,
	hedging,
	silentOne,
	hostileGuest,
];
