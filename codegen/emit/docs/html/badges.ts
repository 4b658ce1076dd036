/** Badges beside the name of an item, and the notes below the name: deprecated, unstable. */

import { tagValue } from "../../../model/abi.ts";
import { type Deprecation, deprecationOf } from "../../../model/deprecation.ts";
import type { Docs, Gates, Item } from "../../../model/model.ts";
import { type Html, html } from "./markup.ts";
import type { FindName } from "./prose.ts";

export function badge(text: string, kind?: string): Html {
	return kind === undefined ? html` <span class="badge">${text}</span>` : html` <span class="badge ${kind}">${text}</span>`;
}

export function gateBadges(gates: Gates): Html[] {
	return [...(gates.since === undefined ? [] : [badge(`since ${gates.since.version}`)]), ...warningBadges(gates)];
}

/** For places where the version is no news. */
export function warningBadges({ unstable, deprecated }: Gates): Html[] {
	return [
		...(unstable === undefined ? [] : [badge("unstable", "unstable")]),
		...(deprecated === undefined ? [] : [badge("deprecated", "deprecated")]),
	];
}

/** @param find finds the item that a deprecated one names as its replacement */
export function gateNotes(item: Pick<Item, "docs" | "gates">, find: FindName): Html[] {
	const deprecation = deprecationOf(item);
	const { unstable } = item.gates;
	return [
		...(deprecation === undefined ? [] : [deprecationNote(deprecation, find)]),
		...(unstable === undefined
			? []
			: [
					html`<p class="note unstable"><strong>Unstable</strong>: behind the feature <code>${unstable.feature}</code>, and may change at any time.</p>\n`,
				]),
	];
}

function deprecationNote({ since, replacement }: Deprecation, find: FindName): Html {
	const instead =
		replacement === undefined ? "New code should not use this." : html`Use ${linkedName(replacement, find(replacement))} instead.`;
	return html`<p class="note deprecated"><strong>Deprecated</strong> since ${since}. ${instead}</p>\n`;
}

function linkedName(name: string, id: string | undefined): Html {
	return id === undefined ? html`<code>${name}</code>` : html`<a href="#${id}"><code>${name}</code></a>`;
}

/** The class of an item's name. */
export function nameClass({ deprecated }: Gates): string {
	return deprecated === undefined ? "name" : "name old";
}

/** Doc tags with a meaning, which the page shows in their own places. Any other tag is a part of the author's text. */
export const KNOWN_TAGS: ReadonlySet<string> = new Set([
	"operation",
	"payload",
	"result",
	"atomic",
	"stream",
	"session",
	"readiness",
	"blocking",
	"feature",
	"default",
	"range",
	"integer",
	"min-items",
	"max-items",
	"pattern",
	"replaced-by",
	"json",
]);

/** `@param name …`, for instance, which means nothing here but something to the reader. */
export function otherTags({ tags }: Docs): Html[] {
	return tags
		.filter(({ name }) => !KNOWN_TAGS.has(name))
		.map(({ name, value }) => html`<p class="tag"><code>@${name}</code> ${value}</p>\n`);
}

/** Roles of a type in the operation of its family, or in the ABI. */
export function roleBadges(docs: { readonly docs: Docs }): Html[] {
	const roles: [string, string][] = [
		["payload", "request"],
		["result", "answer"],
		["stream", "stream"],
		["session", "session"],
		["readiness", "readiness"],
		["atomic", "atomic"],
	];
	return roles.flatMap(([tag, words]) => (tagValue(docs, tag) === undefined ? [] : [badge(words, "role")]));
}
