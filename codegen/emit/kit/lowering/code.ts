/** Lines of generated code, laid out as the formatter would leave them. */
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../layout.ts";

/** Lines at a depth of tabs, with line ends. */
export function block(lines: readonly string[], depth: number): string {
	return lines.map((line) => (line === "" ? "\n" : `${tabs(depth)}${line}\n`)).join("");
}

/** An expression: plain text, a call whose arguments can stand on lines of their own, or a conditional. */
export type Expression =
	| string
	| { readonly open: string; readonly items: readonly string[]; readonly close: string }
	| { readonly condition: string; readonly some: Expression; readonly other: string };

/** The expression on one line. */
export function inline(expression: Expression): string {
	if (typeof expression === "string") return expression;
	if ("condition" in expression) return `${expression.condition} ? ${inline(expression.some)} : ${expression.other}`;
	return `${expression.open}${expression.items.join(", ")}${expression.close}`;
}

/** `head`, the expression and `tail`, on one line where they fit. */
export function layout(head: string, expression: Expression, tail: string, depth: number): string {
	const line = `${head}${inline(expression)}${tail}`;
	if (typeof expression === "string" || visualWidth(tabs(depth) + line) <= LINE_WIDTH) return line;
	if ("condition" in expression) {
		const inner = tabs(depth + 1);
		return `${head}${expression.condition}\n${inner}? ${layout("", expression.some, "", depth + 1)}\n${inner}: ${expression.other}${tail}`;
	}
	return delimited(`${head}${expression.open}`, expression.items, `${expression.close}${tail}`, depth);
}
