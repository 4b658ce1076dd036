import type { RunState } from "../../cluster/runs.ts";

/** States of runs, for queries. */
export const RUN_STATES = [
	"delayed",
	"queued",
	"running",
	"completed",
	"failed",
	"cancelled",
	"expired",
	"poisoned",
] as const satisfies readonly RunState[];
