import type { Traffic, TrafficSeries } from "../../../admin/api.ts";

/** Returns the sums of groups of columns. The groups end with the last column, so the first one may be shorter. */
export function sumColumns(values: readonly number[], size: number): number[] {
	const sums: number[] = [];
	const first = values.length % size;
	if (first > 0) sums.push(sum(values.slice(0, first)));
	for (let at = first; at < values.length; at += size) sums.push(sum(values.slice(at, at + size)));
	return sums;
}

export function sum(values: readonly number[]): number {
	let total = 0;
	for (const value of values) total += value;
	return total;
}

/** Returns the sum of histograms. Empty ones have no samples. */
export function addHistograms(histograms: readonly (readonly number[])[]): number[] {
	const total: number[] = [];
	for (const histogram of histograms) for (const [at, count] of histogram.entries()) total[at] = (total[at] ?? 0) + count;
	return total;
}

/**
 * Returns an upper bound of a quantile. `undefined` without samples.
 *
 * @param bounds Upper bounds of the buckets, ascending. A quantile in the bucket beyond the last bound is that bound.
 * @param quantile From 0 to 1.
 */
export function quantileOf(histogram: readonly number[], bounds: readonly number[], quantile: number): number | undefined {
	const total = sum(histogram);
	if (total === 0) return undefined;
	let left = Math.max(1, Math.ceil(total * quantile));
	for (const [at, count] of histogram.entries()) {
		left -= count;
		if (left <= 0) return bounds[Math.min(at, bounds.length - 1)];
	}
	return bounds.at(-1);
}

/** Sums of one series, for its row in a table. */
export interface SeriesSummary {
	readonly name: string;
	readonly isRest: boolean;
	readonly requests: number;
	readonly errors: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cost: number;
	readonly p50Ms: number | undefined;
	readonly p99Ms: number | undefined;
	/** Requests and errors by group of columns, for the spark line. */
	readonly requestColumns: readonly number[];
	readonly errorColumns: readonly number[];
}

/** @param groups Largest number of columns of the spark line. */
export function summarize(series: TrafficSeries, { latency_bounds_ms }: Pick<Traffic, "latency_bounds_ms">, groups: number): SeriesSummary {
	const latency = addHistograms(series.latency);
	const size = Math.max(1, Math.ceil(series.requests.length / groups));
	return {
		name: series.name,
		isRest: series.is_rest,
		requests: sum(series.requests),
		errors: sum(series.errors),
		inputTokens: sum(series.input_tokens),
		outputTokens: sum(series.output_tokens),
		cost: sum(series.cost),
		p50Ms: quantileOf(latency, latency_bounds_ms, 0.5),
		p99Ms: quantileOf(latency, latency_bounds_ms, 0.99),
		requestColumns: sumColumns(series.requests, size),
		errorColumns: sumColumns(series.errors, size),
	};
}

/** Returns the average number a second over the last columns that are over. */
export function recentRate(values: readonly number[], resolutionMs: number, columns: number): number {
	const over = values.slice(0, -1).slice(-columns);
	return over.length === 0 ? 0 : (sum(over) * 1_000) / (over.length * resolutionMs);
}
