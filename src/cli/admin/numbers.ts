/** Numbers and times as commands print them. */

/** Returns a part of a whole as per cent; `-` of nothing. */
export function share(part: number, whole: number): string {
	return whole === 0 ? "-" : `${rounded((100 * part) / whole)} %`;
}

/** Returns the sum of numbers. */
export function sum(values: readonly number[] = []): number {
	return values.reduce((total, value) => total + value, 0);
}

/** Returns a number with at most three digits that matter, and without an exponent. */
export function rounded(value: number): string {
	return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Returns a duration in its largest units, e.g. `1h02m`. */
export function shortTime(ms: number): string {
	if (ms < 1_000) return `${Math.round(ms)}ms`;
	const s = Math.floor(ms / 1_000);
	if (s < 60) return s < 10 ? `${(ms / 1_000).toFixed(1)}s` : `${s}s`;
	const [days, hours, minutes] = [Math.floor(s / 86_400), Math.floor(s / 3_600) % 24, Math.floor(s / 60) % 60];
	const two = (value: number): string => String(value).padStart(2, "0");
	if (days > 0) return `${days}d${two(hours)}h`;
	return hours > 0 ? `${hours}h${two(minutes)}m` : `${minutes}m${two(s % 60)}s`;
}
