import type { Column, Table } from "../table.ts";
import { callsPerHost, fewestInASecond, grantedOfLimit, immediate, mostInASecond, waitMs } from "./limits-measures.ts";
import type { LimitsRun } from "./limits-run.ts";

/** A variant of a scenario of limits, and its run. */
export interface LimitsVariant {
	/** Markdown. */
	readonly label: string;
	readonly run: LimitsRun;
	/** Values of the additional columns. */
	readonly more?: readonly (number | undefined)[];
}

const COLUMNS: readonly Column[] = [
	{ title: "limit", unit: "rate" },
	{ title: "asked, of limit", unit: "ratio" },
	{ title: "granted, of limit", unit: "share" },
	{ title: "fewest in a second", unit: "share" },
	{ title: "most in a second", unit: "share" },
	{ title: "decided without a call", unit: "share" },
	{ title: "p99 of the others", unit: "ms" },
	{ title: "calls per host", unit: "rate" },
];

/**
 * Returns a table of the limits in a time.
 *
 * @param of Heading of the variants.
 * @param more Additional columns.
 */
export function limitsTable(
	of: string,
	variants: readonly LimitsVariant[],
	[from, to]: readonly [from: number, to: number],
	more: readonly Column[] = [],
): Table {
	return {
		of,
		columns: [...COLUMNS, ...more],
		rows: variants.map(({ label, run, more: values = [] }) => ({
			label,
			values: [
				run.simulation.perSecond,
				run.asked.rate(from, to) / run.simulation.perSecond,
				grantedOfLimit(run, from, to),
				fewestInASecond(run, from, to),
				mostInASecond(run, from, to),
				immediate(run, from, to),
				waitMs(run, 0.99),
				callsPerHost(run, from, to),
				...values,
			],
		})),
	};
}
