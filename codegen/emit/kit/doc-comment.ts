/** WIT docs as TypeScript doc comments. */
import { tagValue } from "../../model/abi.ts";
import type { Docs, Gates, Member } from "../../model/model.ts";
import { snakeCase } from "../../model/names/spelling.ts";
import { LINE_WIDTH, tabs, visualWidth } from "./layout.ts";

interface Documented {
	readonly docs: Docs;
	readonly gates?: Gates;
}

/**
 * Prose of an item, then what of its tags and gates a reader of the types needs: `@default`, `@deprecated`.
 *
 * @param preset the default as the types spell it; as WIT spells it when left out
 */
export function docText(item: Documented, preset = tagValue(item, "default")): string {
	const tags: string[] = [];
	if (preset !== undefined) tags.push(`@default ${preset}`);
	if (item.gates?.deprecated !== undefined) {
		const replacement = tagValue(item, "replaced-by");
		tags.push(`@deprecated since ${item.gates.deprecated.version}${replacement === undefined ? "" : `, use \`${replacement}\``}`);
	}
	return [item.docs.text, tags.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** A text, then a list of the members' docs: for enums and flags, whose members have no line of their own in TypeScript. */
export function withMembers(text: string, members: readonly Member[], spell: (name: string) => string = snakeCase): string {
	const documented = members.filter((member) => member.docs.text !== "");
	const lines = documented.map((member) => `- \`${spell(member.name)}\`: ${listItem(member.docs.text)}`);
	return [text, lines.join("\n")].filter((part) => part !== "").join("\n\n");
}

function listItem(text: string): string {
	return text.replaceAll("\n", "\n  ");
}

/** A doc comment with a line end, on one line where it fits; nothing for an empty text. */
export function docComment(text: string, indent = 0): string {
	if (text === "") return "";
	const safe = text.replaceAll("*/", "*\\/");
	const prefix = tabs(indent);
	const single = `${prefix}/** ${safe} */`;
	if (!safe.includes("\n") && visualWidth(single) <= LINE_WIDTH) return `${single}\n`;
	const lines = safe.split("\n").map((line) => `${prefix} * ${line}`.trimEnd());
	return `${prefix}/**\n${lines.join("\n")}\n${prefix} */\n`;
}

/** Puts doc comments of one line of text, as other tools print them on three, on one line where they fit. */
export function collapseDocComments(code: string): string {
	return code.replace(/^(\t*)\/\*\*\n\t* \* (.*)\n\t* \*\/\n/gm, (whole: string, indent: string, text: string) => {
		const single = `${indent}/** ${text} */`;
		return visualWidth(single) <= LINE_WIDTH ? `${single}\n` : whole;
	});
}
