/** Pieces of Markdown: headings one can link to, tables, code. */
import type { TypeDef, TypeRef } from "../../model/model.ts";
import { moduleName } from "../../model/names/type-names.ts";
import { typeParts } from "./wit-text.ts";

/** `record request`: unique within its interface's page. */
export function typeHeading(def: TypeDef): string {
	return `${def.kind === "alias" ? "type" : def.kind} \`${def.name}\``;
}

/** The anchor that GitHub and most other renderers give a heading. */
export function anchor(heading: string): string {
	return heading
		.toLowerCase()
		.replaceAll(" ", "-")
		.replace(/[^\p{L}\p{N}_-]/gu, "");
}

/** A link to a type's description, from the page of interface `page`. */
export function typeLink(def: TypeDef, page: string): string {
	return `${def.owner.name === page ? "" : `${moduleName(def.owner.name)}.md`}#${anchor(typeHeading(def))}`;
}

/** A type as code, each name in it a link. */
export function linkedType(type: TypeRef, page: string): string {
	const pieces: { text: string; link?: string }[] = [];
	for (const { text, names } of typeParts(type)) {
		const last = pieces.at(-1);
		if (names !== undefined) pieces.push({ text, link: typeLink(names, page) });
		else if (last !== undefined && last.link === undefined) last.text += text;
		else pieces.push({ text });
	}
	return pieces.map(({ text, link }) => (link === undefined ? `\`${text}\`` : `[\`${text}\`](${link})`)).join("");
}

/** A table with a line end, or nothing for no rows. Columns that are empty in every row are left out. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
	if (rows.length === 0) return "";
	const kept = columns.map((_, index) => index).filter((index) => index === 0 || rows.some((row) => row[index] !== ""));
	const line = (cells: readonly string[]): string => `| ${kept.map((index) => cell(cells[index] ?? "")).join(" | ")} |\n`;
	return line(columns) + line(columns.map(() => "---")) + rows.map(line).join("");
}

/** Text of several lines on one, fit for a cell. */
function cell(text: string): string {
	return text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}
