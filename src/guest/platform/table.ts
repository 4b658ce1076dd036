import { inspect } from "./inspect.ts";

/** Most rows of a table. */
const MAX_ROWS = 1000;

/** Returns rows as a table with a column for each key. Returns undefined for a value without rows. */
export function table(data: unknown, columns?: readonly string[]): string | undefined {
	if (typeof data !== "object" || data === null) return undefined;
	const rows = rowsOf(data);
	const keys = [...new Set(rows.flatMap(([, row]) => (isRow(row) ? Object.keys(row) : [])))].filter(
		(key) => columns?.includes(key) ?? true,
	);
	const hasValues = rows.some(([, row]) => !isRow(row));
	const header = ["(index)", ...(columns ?? keys), ...(hasValues ? ["Values"] : [])];
	const cells = rows.map(([index, row]) => [
		index,
		...(columns ?? keys).map((key) => (isRow(row) && Object.hasOwn(row, key) ? inspect(row[key], 1) : "")),
		...(hasValues ? [isRow(row) ? "" : inspect(row, 1)] : []),
	]);
	const widths = header.map((title, column) => cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), title.length));
	const line = (row: readonly string[]): string => `│ ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" │ ")} │`;
	const rule = (left: string, middle: string, right: string): string =>
		left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
	return [rule("┌", "┬", "┐"), line(header), rule("├", "┼", "┤"), ...cells.map(line), rule("└", "┴", "┘")].join("\n");
}

function rowsOf(data: object): [string, unknown][] {
	if (data instanceof Map) return [...data].slice(0, MAX_ROWS).map(([key, value]) => [inspect(key, 1), value]);
	if (data instanceof Set) return [...data].slice(0, MAX_ROWS).map((value, index) => [String(index), value]);
	return Object.entries(data).slice(0, MAX_ROWS);
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
