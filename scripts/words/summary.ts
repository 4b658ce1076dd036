/** The table of `--summary`: findings by folder and rule. */
import { posix } from "node:path";
import { type Finding, RULES } from "./check-text.ts";

/** A row a folder, most findings first, then the totals. */
export function summarize(findings: readonly Finding[]): string {
	const byFolder = Object.entries(Object.groupBy(findings, ({ path }) => folderOf(path))).map(([folder, own = []]) => rowOf(folder, own));
	byFolder.sort((a, b) => b.total - a.total || a.cells.join().localeCompare(b.cells.join()));
	const rows = [["folder", ...RULES, "all"], ...byFolder.map(({ cells }) => cells), rowOf("all", findings).cells];
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	return rows.map((row) => row.map((cell, column) => align(cell, column, widths[column] ?? 0)).join("  ")).join("\n");
}

/** Two folders deep; the path itself for a file of the root. */
function folderOf(path: string): string {
	const folder = posix.dirname(path);
	return folder === "." ? path : folder.split("/", 2).join("/");
}

function rowOf(name: string, findings: readonly Finding[]): { readonly cells: string[]; readonly total: number } {
	const counts = RULES.map((rule) => findings.filter((finding) => finding.rule === rule).length);
	return { cells: [name, ...[...counts, findings.length].map(String)], total: findings.length };
}

function align(cell: string, column: number, width: number): string {
	return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
