import { inWords, tidy, type Unit } from "./check.ts";
import type { Metrics } from "./metrics.ts";

/** A column: its heading, and the unit of its numbers. */
export interface Column {
	readonly title: string;
	readonly unit: Unit;
}

export interface Row {
	readonly label: string;
	/** A value per column. `undefined` if the column does not apply. */
	readonly values: readonly (number | undefined)[];
}

export interface Table {
	/** Heading of the row labels. */
	readonly of: string;
	readonly columns: readonly Column[];
	readonly rows: readonly Row[];
}

/** The columns for metrics. */
const COLUMNS: { readonly [M in keyof Metrics]: Column } = {
	requests: { title: "requests", unit: "count" },
	success: { title: "answered", unit: "share" },
	p50Ms: { title: "p50", unit: "ms" },
	p99Ms: { title: "p99", unit: "ms" },
	maxMs: { title: "max", unit: "ms" },
	attemptsMean: { title: "mean attempts", unit: "count" },
	attemptsMax: { title: "max attempts", unit: "count" },
	fallbacks: { title: "fallbacks", unit: "count" },
	retries: { title: "retries", unit: "count" },
	hedges: { title: "hedges", unit: "count" },
	opened: { title: "breakers opened", unit: "count" },
	ejected: { title: "ejected", unit: "count" },
	waited: { title: "waited", unit: "count" },
	rejected: { title: "failed without an attempt", unit: "count" },
};

export interface MetricsRow {
	readonly label: string;
	readonly metrics: Metrics;
	/** Values of the additional columns. */
	readonly more?: readonly (number | undefined)[];
}

/** Returns a table of metrics, with additional columns. */
export function metricsTable(
	of: string,
	names: readonly (keyof Metrics)[],
	rows: readonly MetricsRow[],
	more: readonly Column[] = [],
): Table {
	return {
		of,
		columns: [...names.map((name) => COLUMNS[name]), ...more],
		rows: rows.map((row) => ({ label: row.label, values: [...names.map((name) => row.metrics[name]), ...(row.more ?? [])] })),
	};
}

/** Returns the cells as text, the heading first. */
export function cellsOf({ of, columns, rows }: Table): string[][] {
	return [
		[of, ...columns.map(({ title }) => title)],
		...rows.map(({ label, values }) => [label, ...columns.map(({ unit }, index) => cell(values[index], unit))]),
	];
}

/** Returns the rows as objects, by the headings of their columns. */
export function recordsOf({ of, columns, rows }: Table): Record<string, string | number | null>[] {
	return rows.map(({ label, values }) =>
		Object.fromEntries([
			[of, label],
			...columns.map(({ title }, index): [string, number | null] => {
				const value = values[index];
				return [title, value === undefined || Number.isNaN(value) ? null : tidy(value)];
			}),
		]),
	);
}

function cell(value: number | undefined, unit: Unit): string {
	return value === undefined ? "–" : inWords(value, unit);
}
