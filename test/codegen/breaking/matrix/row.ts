/** A row of the matrix: one line of a WIT package replaced, and the rules that tell of it. */
import * as assert from "uvu/assert";
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";

export interface Row {
	/** The package that is edited: a file in this folder, without its extension. */
	readonly base: "shop" | "ranking" | "lamps";
	/** Kind of item, for the table. */
	readonly item: string;
	/** Kind of edit, for the table. */
	readonly edit: string;
	/** A line that stands once in the package, without its indentation. */
	readonly from: string;
	/** Lines to stand instead; empty to remove the line. */
	readonly to: string;
	/** Codes of all findings, sorted. Empty if nothing is told. */
	readonly rules: readonly RuleCode[];
}

export function row(base: Row["base"], item: string, edit: string, from: string, to: string, ...rules: RuleCode[]): Row {
	return { base, item, edit, from, to, rules };
}

/** The text with one line replaced. */
export function edited(text: string, { from, to }: Pick<Row, "from" | "to">): string {
	const lines = text.split("\n");
	const found = lines.flatMap((line, index) => (line.trim() === from ? [index] : []));
	assert.is(found.length, 1, `\`${from}\` must be one line of the package`);
	return lines.flatMap((line, index) => (index === found[0] ? (to === "" ? [] : to.split("\n")) : [line])).join("\n");
}
