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

/** Rows of a heat map, in milliseconds: about four for each doubling of ten. */
const ROWS: readonly number[] = [1, 10, 100, 1_000, 10_000, 100_000].flatMap((power) => [1, 1.5, 2, 3, 5, 7].map((step) => step * power));

/** Rows that a map has at least, so that a single fast backend is not a thin line. */
const MIN_ROWS = 8;

/**
 * Returns the heat map of a series of histograms.
 *
 * @param latency Histogram of each column of the traffic.
 * @param bounds Upper bounds of the buckets in milliseconds, ascending.
 * @param size Number of columns of the traffic in one column of the map.
 */
export function heatMap(latency: readonly (readonly number[])[], bounds: readonly number[], size: number): HeatMap {
	const grouped = groupsOf(latency, size).map(addHistograms);
	const rowOfBucket = [...bounds, Number.POSITIVE_INFINITY].map((bound) => rowOf(bound));
	const counts = grouped.map((histogram) => {
		const rows = new Map<number, number>();
		for (const [bucket, count] of histogram.entries()) {
			if (!(count > 0)) continue;
			const row = rowOfBucket[bucket] ?? ROWS.length;
			rows.set(row, (rows.get(row) ?? 0) + count);
		}
		return rows;
	});
	const used = counts.flatMap((rows) => [...rows.keys()]);
	const [first, last] = span(used);
	const most = Math.max(0, ...counts.flatMap((rows) => [...rows.values()]));
	const cells = counts.flatMap((rows, column) =>
		[...rows].map(([row, count]) => ({ column, row: row - first, count, level: levelOf(count, most) })),
	);
	return {
		columns: grouped.length,
		rowBounds: Array.from({ length: last - first + 1 }, (_, row) => ROWS[first + row] ?? Number.POSITIVE_INFINITY),
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

function rowOf(bound: number): number {
	const row = ROWS.findIndex((upper) => bound <= upper);
	return row === -1 ? ROWS.length : row;
}

function span(rows: readonly number[]): readonly [number, number] {
	if (rows.length === 0) return [0, MIN_ROWS - 1];
	const [first, last] = [Math.min(...rows), Math.max(...rows)];
	const missing = Math.max(0, MIN_ROWS - (last - first + 1));
	const lower = Math.max(0, first - Math.floor(missing / 2));
	return [lower, Math.max(last, Math.min(ROWS.length, lower + MIN_ROWS - 1))];
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
