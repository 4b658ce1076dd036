import type { LimitState } from "../../../admin/api.ts";
import { formatCost, formatCount, formatShort } from "./format.ts";

/** A limit as a meter shows it. */
export interface Meter {
	/** Used part, from 0 to 1. Absent if the store of the limits does not tell. */
	readonly used?: number;
	readonly text: string;
	/** `full`: nothing is left. `near`: less than a fifth is left. */
	readonly state: "free" | "near" | "full" | "unknown";
}

export function meterOf({ kind, limit, left }: LimitState): Meter {
	const format = kind.startsWith("budget") ? formatCost : limit >= 100_000 ? formatShort : formatCount;
	if (left === undefined) return { text: `limit ${format(limit)}`, state: "unknown" };
	const share = limit <= 0 ? 0 : Math.min(1, Math.max(0, left / limit));
	return {
		used: 1 - share,
		text: `${format(Math.max(0, left))} of ${format(limit)} left`,
		state: left <= 0 ? "full" : share < 0.2 ? "near" : "free",
	};
}
