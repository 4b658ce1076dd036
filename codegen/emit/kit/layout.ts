/** Line breaking as the formatter does it: on one line where it fits, else one element a line. */

export const LINE_WIDTH = 140;

export function tabs(depth: number): string {
	return "\t".repeat(depth);
}

/** Width of a line as the formatter counts it: a tab is two columns. */
export function visualWidth(line: string): number {
	return line.length + line.split("\t").length - 1;
}

/**
 * `open` + items + `close` on one line when that fits (separated by `, ` and padded by `pad`), else one item a line with trailing
 * commas. `depth` is the indentation of the line that `open` ends; the result carries none before `open`.
 */
export function delimited(open: string, items: readonly string[], close: string, depth: number, pad = ""): string {
	if (items.length === 0) return open + close;
	const single = `${open}${pad}${items.join(", ")}${pad}${close}`;
	if (!single.includes("\n") && visualWidth(tabs(depth) + single) <= LINE_WIDTH) return single;
	const inner = tabs(depth + 1);
	return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${tabs(depth)}${close}`;
}

/** `head a | b | c;`, one member a line with a leading bar where that is too long or a member has several lines. */
export function union(head: string, members: readonly string[], depth = 0): string {
	const single = `${tabs(depth)}${head} ${members.join(" | ")};`;
	if (!single.includes("\n") && visualWidth(single) <= LINE_WIDTH) return single;
	return `${tabs(depth)}${head}\n${members.map((member) => `${tabs(depth + 1)}| ${member}`).join("\n")};`;
}
