/** Numbers and times as the page shows them. */

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const TWO_DIGITS = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** A dash for an unknown value. */
export const UNKNOWN = "–";

export function formatCount(count: number | undefined): string {
	return count === undefined ? UNKNOWN : WHOLE.format(count);
}

/** Returns a count in at most about five characters, such as `12.3K`. */
export function formatShort(count: number | undefined): string {
	if (count === undefined) return UNKNOWN;
	return count < 10_000 ? WHOLE.format(count) : SHORT.format(count);
}

/** Returns a rate, such as `7.5`. */
export function formatRate(rate: number): string {
	return rate >= 100 ? WHOLE.format(rate) : rate.toFixed(1);
}

/** @param share From 0 to 1. */
export function formatPercent(share: number | undefined): string {
	if (share === undefined) return UNKNOWN;
	const percent = share * 100;
	if (percent > 0 && percent < 0.1) return "< 0.1 %";
	return `${percent === 0 || percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

/** Returns a duration, such as `240 ms`, `1.24 s` or `2 min 5 s`. */
export function formatMs(ms: number | undefined): string {
	if (ms === undefined) return UNKNOWN;
	if (ms < 1_000) return `${ms < 10 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
	if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
	const seconds = Math.round(ms / 1_000);
	if (seconds < 3_600) return joined(Math.floor(seconds / 60), "min", seconds % 60, "s");
	if (seconds < 86_400) return joined(Math.floor(seconds / 3_600), "h", Math.floor((seconds % 3_600) / 60), "min");
	return joined(Math.floor(seconds / 86_400), "d", Math.floor((seconds % 86_400) / 3_600), "h");
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
	return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Returns a round duration without digits that say nothing: `2 s` instead of `2.00 s`. */
export function formatBound(ms: number): string {
	return formatMs(ms)
		.replace(/\.0+ /, " ")
		.replace(/(\.\d)0 /, "$1 ");
}

/** Returns how long ago something was, in whole units: `now`, `12 s ago`, `3 min ago`. */
export function formatAgo(ms: number): string {
	const seconds = Math.floor(ms / 1_000);
	if (seconds < 1) return "now";
	if (seconds < 60) return `${seconds} s ago`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
	return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}

/** Returns a sum of money, in the currency of the prices. Small sums keep three digits that are not 0. */
export function formatCost(cost: number | undefined): string {
	if (cost === undefined) return UNKNOWN;
	if (cost === 0) return "0";
	if (Math.abs(cost) >= 0.1) return TWO_DIGITS.format(cost);
	const digits = Math.min(8, 2 - Math.floor(Math.log10(Math.abs(cost))));
	return new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(cost);
}

export function formatBytes(bytes: number | undefined): string {
	if (bytes === undefined) return UNKNOWN;
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let amount = bytes;
	let unit = 0;
	for (; amount >= 1_024 && unit < units.length - 1; unit++) amount /= 1_024;
	return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

/** Returns the time of day in the time zone of the browser: `14:03:59`. */
export function formatClock(atMs: number): string {
	return CLOCK.format(atMs);
}

export function formatDate(atMs: number): string {
	return DATE.format(atMs);
}
