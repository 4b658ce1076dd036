/** Badges beside the name of an item, and the notes below the name: deprecated, unstable. */

import { tagValue } from "../../../model/abi.ts";
import type { Docs, Gates } from "../../../model/model.ts";
import { type Html, html } from "./markup.ts";

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

export function gateNotes({ unstable, deprecated }: Gates): Html[] {
	return [
		...(deprecated === undefined
			? []
			: [html`<p class="note deprecated"><strong>Deprecated</strong> since ${deprecated.version}. New code should not use this.</p>\n`]),
		...(unstable === undefined
			? []
			: [
					html`<p class="note unstable"><strong>Unstable</strong>: behind the feature <code>${unstable.feature}</code>, and may change at any time.</p>\n`,
				]),
	];
}

/** The class of an item's name. */
export function nameClass({ deprecated }: Gates): string {
	return deprecated === undefined ? "name" : "name old";
}

/** Doc tags with a meaning, which the page shows in their own places. Any other tag is a part of the author's text. */
const KNOWN_TAGS = new Set([
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
