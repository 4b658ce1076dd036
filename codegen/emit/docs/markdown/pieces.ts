/** Pieces of Markdown: headings one can link to, tables, code. */
import * as path from "node:path/posix";
import { deprecationOf } from "../../../model/deprecation.ts";
import type { Item, TypeDef, TypeRef } from "../../../model/model.ts";
import { typeParts } from "../../kit/wit-text.ts";
import type { Outline, Section } from "../outline.ts";

/** Writes links as a page needs them: relative to where the page is. */
export class Links {
	readonly outline: Outline;
	readonly #page: string;

	/** @param page the path of the page relative to the reference, e.g. `worlds/agent.md` */
	constructor(outline: Outline, page: string) {
		this.outline = outline;
		this.#page = page;
	}

	/** The address of a type's description. */
	typeAddress(def: TypeDef): string {
		const { page } = this.outline.sectionOfType(def);
		return `${page === this.#page ? "" : this.#relative(page)}#${anchor(typeHeading(def))}`;
	}

	/** A type's kind and name, as a link. */
	def(def: TypeDef): string {
		return `[${typeHeading(def)}](${this.typeAddress(def)})`;
	}

	/** A type as code, each name in it a link. */
	type(type: TypeRef): string {
		const pieces: { text: string; address?: string }[] = [];
		for (const { text, names } of typeParts(type)) {
			const last = pieces.at(-1);
			if (names !== undefined) pieces.push({ text, address: this.typeAddress(names) });
			else if (last !== undefined && last.address === undefined) last.text += text;
			else pieces.push({ text });
		}
		return pieces.map(({ text, address }) => (address === undefined ? `\`${text}\`` : `[\`${text}\`](${address})`)).join("");
	}

	section({ title, page }: Section): string {
		return `[\`${title}\`](${this.#relative(page)})`;
	}

	#relative(page: string): string {
		return path.relative(path.dirname(this.#page), page);
	}
}

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

/** Since when an item is there, and whether it may change or go. */
export function history(item: Gated): string[] {
	const { since } = item.gates;
	return [...(since === undefined ? [] : [`Since: ${since.version}`]), ...cautions(item)];
}

export function cautions(item: Gated): string[] {
	const { unstable } = item.gates;
	const deprecation = deprecationOf(item);
	const instead = deprecation?.replacement === undefined ? "" : `, replaced by \`${deprecation.replacement}\``;
	return [
		...(unstable === undefined ? [] : [`Unstable, behind the feature \`${unstable.feature}\``]),
		...(deprecation === undefined ? [] : [`Deprecated since: ${deprecation.since}${instead}`]),
	];
}

/** A line below a heading for what is unstable or deprecated; nothing for anything else. */
export function cautionLine(item: Gated): string {
	const notes = cautions(item);
	return notes.length === 0 ? "" : `**${notes.join(". ")}.**\n`;
}

type Gated = Pick<Item, "docs" | "gates">;

export function firstParagraph(text: string): string {
	return text.split("\n\n", 1)[0] ?? "";
}
