import { inWords, tidy, type Unit } from "./check.ts";
import type { Metrics } from "./metrics.ts";

/** A column: its heading, and how its numbers are to be read. */
export interface Column {
	readonly title: string;
	readonly unit: Unit;
}

export interface Row {
	readonly label: string;
	/** One for each column; absent where it means nothing. */
	readonly values: readonly (number | undefined)[];
}

export interface Table {
	/** What the rows are. */
	readonly of: string;
	readonly columns: readonly Column[];
	readonly rows: readonly Row[];
}

/** The columns that metrics fill. */
const COLUMNS: { readonly [M in keyof Metrics]: Column } = {
	requests: { title: "requests", unit: "count" },
	success: { title: "answered", unit: "share" },
	p50Ms: { title: "p50", unit: "ms" },
	p99Ms: { title: "p99", unit: "ms" },
	maxMs: { title: "max", unit: "ms" },
	attemptsMean: { title: "attempts", unit: "count" },
	attemptsMax: { title: "most", unit: "count" },
	fallbacks: { title: "fallbacks", unit: "count" },
	retries: { title: "retries", unit: "count" },
	hedges: { title: "hedges", unit: "count" },
	opened: { title: "opened", unit: "count" },
	ejected: { title: "ejected", unit: "count" },
	waited: { title: "waited", unit: "count" },
	rejected: { title: "rejected", unit: "count" },
	upstream: { title: "upstream", unit: "count" },
};

export interface MetricsRow {
	readonly label: string;
	readonly metrics: Metrics;
	/** Values of the further columns. */
	readonly more?: readonly (number | undefined)[];
}

/** A table of these metrics, and of further columns that only this scenario has. */
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

/** The table as text cells, the heading first. */
export function cellsOf({ of, columns, rows }: Table): string[][] {
	return [
		[of, ...columns.map(({ title }) => title)],
		...rows.map(({ label, values }) => [label, ...columns.map(({ unit }, index) => cell(values[index], unit))]),
	];
}

/** Rows as plain objects, by the titles of their columns. */
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
