import { type Check, inWords } from "./check.ts";
import type { Played } from "./played.ts";
import { cellsOf, recordsOf, type Table } from "./table.ts";

/** Formats results for a terminal. */
export function asText(played: readonly Played[]): string {
	return played
		.map(({ scenario, result }) => {
			const checks = result.checks.map((check) => `  ${check.holds ? "ok  " : "FAIL"} ${checkInWords(check)}`);
			return `${scenario.name}: ${scenario.title}\n\n${alignedTable(result.table)}\n\n${checks.join("\n")}\n`.replaceAll(/`|\*\*/g, "");
		})
		.join("\n");
}

/** Formats results as Markdown, one section per scenario. */
export function asMarkdown(played: readonly Played[]): string {
	return played
		.map(({ scenario, result }) => {
			const checks = result.checks.map((check) => `- ${check.holds ? "✓" : "✗"} ${checkInWords(check)}`);
			return `### ${scenario.name}: ${scenario.title}\n\n${scenario.expected}\n\n${markdownTable(cellsOf(result.table))}\n\n${checks.join("\n")}\n`;
		})
		.join("\n");
}

/** Returns results as data. The data depend neither on the machine nor on the duration of the run. */
export function asData(seed: number, played: readonly Played[]): object {
	return {
		seed,
		scenarios: played.map(({ scenario: { name, title }, result: { table, checks } }) => ({ name, title, rows: recordsOf(table), checks })),
	};
}

export function markdownTable([heading = [], ...rows]: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
	return [line(heading), line(heading.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function checkInWords({ claim, value, bound, unit }: Check): string {
	return `${claim}: **${inWords(value, unit)}** (${bound})`;
}

function alignedTable(table: Table): string {
	const cells = cellsOf(table).map((row) => row.map((cell) => cell.replaceAll("`", "")));
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
	const pad = (cell: string, column: number): string => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0));
	return cells.map((row) => `  ${row.map(pad).join("  ")}`).join("\n");
}
