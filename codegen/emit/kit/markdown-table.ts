/** Tables of Markdown. */

/** A table with a line end, or nothing for no rows. Columns that are empty in every row are left out. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
	if (rows.length === 0) return "";
	const kept = columns.map((_, index) => index).filter((index) => index === 0 || rows.some((row) => row[index] !== ""));
	const line = (cells: readonly string[]): string => `| ${kept.map((index) => cell(cells[index] ?? "")).join(" | ")} |\n`;
	return line(columns) + line(columns.map(() => "---")) + rows.map(line).join("");
}

/** Text of several lines on one, fit for a cell. */
function cell(text: string): string {
	const lines = text.split("\n").map((line) => line.trim());
	return lines
		.filter((line) => line !== "")
		.join(" ")
		.replaceAll("|", "\\|");
}
