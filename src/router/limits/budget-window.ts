/** The period that a budget is for. */
export interface BudgetWindow {
	/** Start of the period, e.g. `2026-11-26`. Part of the bucket's name: each period has a bucket of its own. */
	readonly id: string;
	/** Longest duration of such a period, in milliseconds. */
	readonly ms: number;
}

const HOUR_MS = 3_600_000;

/** Returns the end of the period that a time is in, in milliseconds since 1970. The periods are those of `budgetWindow`. */
export function budgetWindowEnd(per: keyof typeof WINDOWS, wallMs: number): number {
	const date = new Date(wallMs);
	const [year, month, day, hour] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()];
	if (per === "month") return Date.UTC(year, month + 1);
	return per === "day" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month, day, hour + 1);
}

/** `digits`: length of an ISO date and time up to the hour, the day and the month. */
const WINDOWS = {
	hour: { digits: "2026-11-26T18".length, ms: HOUR_MS },
	day: { digits: "2026-11-26".length, ms: 24 * HOUR_MS },
	month: { digits: "2026-11".length, ms: 31 * 24 * HOUR_MS },
} as const;

/**
 * Returns the hour, day or month that a time is in, by UTC.
 *
 * @param wallMs Milliseconds since 1970.
 */
export function budgetWindow(per: keyof typeof WINDOWS, wallMs: number): BudgetWindow {
	const { digits, ms } = WINDOWS[per];
	return { id: new Date(wallMs).toISOString().slice(0, digits), ms };
}
