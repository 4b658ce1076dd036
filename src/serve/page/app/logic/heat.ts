import { addHistograms, quantileOf, sum } from "./columns.ts";

/** A latency heat map: time to the right, latency upwards. */
export interface HeatMap {
	readonly columns: number;
	/** Upper bounds of the rows in milliseconds, the fastest row first. The last row holds all longer latencies if its bound is infinite. */
	readonly rowBounds: readonly number[];
	/** Cells with samples. */
	readonly cells: readonly HeatCell[];
	/** By column, for the table that is the map's text alternative. */
	readonly summaries: readonly HeatColumn[];
	readonly samples: number;
	/** Largest count of a cell. */
	readonly most: number;
}

export interface HeatCell {
	readonly column: number;
	readonly row: number;
	readonly count: number;
	/** Intensity, from 1 to {@link HEAT_LEVELS}. */
	readonly level: number;
}

export interface HeatColumn {
	readonly column: number;
	readonly samples: number;
	readonly p50Ms: number;
	readonly p90Ms: number;
	readonly p99Ms: number;
}

export const HEAT_LEVELS = 6;

/** Rows that a map has at least, so that a single fast backend is not a thin line. */
const MIN_ROWS = 8;

/** Rows that a map has at most. Finer buckets share rows. */
const MAX_ROWS = 16;

/**
 * Returns the heat map of a series of histograms.
 *
 * @param latency Histogram of each column of the traffic.
 * @param bounds Upper bounds of the buckets in milliseconds, ascending.
 * @param size Number of columns of the traffic in one column of the map.
 */
export function heatMap(latency: readonly (readonly number[])[], bounds: readonly number[], size: number): HeatMap {
	const grouped = groupsOf(latency, size).map(addHistograms);
	const buckets = grouped.flatMap((histogram) => histogram.flatMap((count, bucket) => (count > 0 ? [bucket] : [])));
	const [first, last, perRow] = rowsOf(buckets, bounds.length);
	const counts = grouped.map((histogram) => {
		const rows = new Map<number, number>();
		for (const [bucket, count] of histogram.entries()) {
			const row = Math.floor((bucket - first) / perRow);
			if (count > 0) rows.set(row, (rows.get(row) ?? 0) + count);
		}
		return rows;
	});
	const most = Math.max(0, ...counts.flatMap((rows) => [...rows.values()]));
	const cells = counts.flatMap((rows, column) => [...rows].map(([row, count]) => ({ column, row, count, level: levelOf(count, most) })));
	return {
		columns: grouped.length,
		rowBounds: Array.from(
			{ length: Math.ceil((last - first + 1) / perRow) },
			(_, row) => bounds[first + (row + 1) * perRow - 1] ?? Number.POSITIVE_INFINITY,
		),
		cells,
		summaries: grouped.flatMap((histogram, column) => summaryOf(histogram, bounds, column)),
		samples: sum(grouped.map(sum)),
		most,
	};
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
	const groups: T[][] = [];
	const first = items.length % size;
	if (first > 0) groups.push(items.slice(0, first));
	for (let at = first; at < items.length; at += size) groups.push(items.slice(at, at + size));
	return groups;
}

/**
 * Returns the first and the last bucket of a map, and the number of buckets in a row.
 *
 * @param beyond Index of the bucket beyond the last bound.
 */
function rowsOf(buckets: readonly number[], beyond: number): readonly [number, number, number] {
	const [lowest, highest] = buckets.reduce(([low, high], bucket) => [Math.min(low, bucket), Math.max(high, bucket)], [beyond, 0]);
	if (lowest > highest) return [0, Math.min(beyond, MIN_ROWS - 1), 1];
	const missing = Math.max(0, MIN_ROWS - (highest - lowest + 1));
	const first = Math.max(0, lowest - Math.floor(missing / 2));
	const last = Math.max(highest, Math.min(beyond, first + MIN_ROWS - 1));
	return [first, last, Math.ceil((last - first + 1) / MAX_ROWS)];
}

/** A square root, so that single slow answers stay visible beside hundreds of fast ones. */
function levelOf(count: number, most: number): number {
	return Math.max(1, Math.ceil(Math.sqrt(count / most) * HEAT_LEVELS));
}

function summaryOf(histogram: readonly number[], bounds: readonly number[], column: number): HeatColumn[] {
	const [p50Ms, p90Ms, p99Ms] = [0.5, 0.9, 0.99].map((quantile) => quantileOf(histogram, bounds, quantile));
	if (p50Ms === undefined || p90Ms === undefined || p99Ms === undefined) return [];
	return [{ column, samples: sum(histogram), p50Ms, p90Ms, p99Ms }];
}
