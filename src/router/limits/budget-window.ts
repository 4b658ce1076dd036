/** The time a budget is for: its name, unique among all there are, and how long it lasts at most, in milliseconds. */
export interface BudgetWindow {
	readonly id: string;
	readonly ms: number;
}

const HOUR_MS = 3_600_000;

/** Length of an ISO date and time up to the hour, the day, the month. */
const WINDOWS = {
	hour: { digits: "2026-11-26T18".length, ms: HOUR_MS },
	day: { digits: "2026-11-26".length, ms: 24 * HOUR_MS },
	month: { digits: "2026-11".length, ms: 31 * 24 * HOUR_MS },
} as const;

/** The hour, day or month, by UTC, that a time is in. */
export function budgetWindow(per: keyof typeof WINDOWS, wallMs: number): BudgetWindow {
	const { digits, ms } = WINDOWS[per];
	return { id: new Date(wallMs).toISOString().slice(0, digits), ms };
}
