/** Data that the parts of the page share: the outline, the names in comments, and the references between items. */
import type { Func, TypeDef, TypeRef } from "../../../model/model.ts";
import { type TextPart, typeParts } from "../../kit/wit-text.ts";
import type { Outline, Section } from "../outline.ts";
import { type Html, html } from "./markup.ts";
import { NameFinder } from "./names.ts";
import type { FindName } from "./prose.ts";
import { type Use, usesOf } from "./uses.ts";

export class Reference {
	readonly outline: Outline;
	readonly #names: NameFinder;
	readonly #uses: ReadonlyMap<TypeDef, readonly Use[]>;

	constructor(outline: Outline) {
		this.outline = outline;
		this.#names = new NameFinder(outline);
		this.#uses = usesOf(outline);
	}

	/** Items that refer to a type, in the order of the page. */
	usesOf(def: TypeDef): readonly Use[] {
		return this.#uses.get(def) ?? [];
	}

	/** A type as code, each name in it a link. */
	type(type: TypeRef): Html {
		return html`<code>${this.parts(typeParts(type))}</code>`;
	}

	parts(parts: readonly TextPart[]): Html[] {
		return parts.map(({ text, names }) =>
			names === undefined ? html`${text}` : html`<a href="#${this.outline.typeId(names)}">${text}</a>`,
		);
	}

	/** Finds the items that the comment of an item names. `id` is the item's own anchor. */
	names(section: Section, id: string, def?: TypeDef, functions?: readonly Func[]): FindName {
		return this.#names.within(section, id, def, functions);
	}
}
