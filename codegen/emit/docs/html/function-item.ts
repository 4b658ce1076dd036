/** The description of one function. */
import { isBlocking } from "../../../model/abi.ts";
import type { Func } from "../../../model/model.ts";
import { functionParts } from "../../kit/wit-text.ts";
import type { Section } from "../outline.ts";
import { badge, gateBadges, gateNotes, nameClass, otherTags } from "./badges.ts";
import { type Content, type Html, heading, html } from "./markup.ts";
import { prose } from "./prose.ts";
import type { Reference } from "./reference.ts";

export function functionItem(reference: Reference, section: Section, func: Func, id: string): Html {
	const { docs, gates, resource } = func;
	const names = reference.names(section, id, resource, [func]);
	const waits = isBlocking(func);
	const badges = [func.async ? badge("async", "blocking") : waits ? badge("blocking", "blocking") : undefined, gateBadges(gates)];
	const name = html`<span class="kind">${kindOfFunction(func)}</span> <a class="${nameClass(gates)}" href="#${id}">${nameOfFunction(func)}</a>`;
	return html`<article class="item function" id="${id}">
${heading(resource === undefined ? 4 : 5, [name, badges])}
<pre class="wit"><code>${reference.parts(functionParts(func))}</code></pre>
${gateNotes(func, names)}${prose(docs.text, names)}${otherTags(docs)}<dl class="facts">
${facts(reference, func)}</dl>
</article>
`;
}

/** `function`, or what a function of a resource is to it. */
export function kindOfFunction({ kind }: Func): string {
	return kind === "freestanding" ? "function" : kind === "static" ? "static function" : kind;
}

/** A constructor has the name of its resource. */
export function nameOfFunction({ name, kind, resource }: Func): string {
	if (resource === undefined) return name;
	return kind === "constructor" ? resource.name : `${resource.name}.${name}`;
}

function facts(reference: Reference, func: Func): Content {
	const { params, result } = func;
	const isFallible = result?.kind === "result";
	const returned = isFallible ? result.ok : result;
	const list = params.map(({ name, type }) => html`<li><code>${name}</code>: ${reference.type(type)}</li>`);
	return [
		params.length === 0 ? undefined : fact("Parameters", html`<ul>${list}</ul>`),
		fact("Returns", returned === undefined ? (func.kind === "constructor" ? "a new handle" : "nothing") : reference.type(returned)),
		fact("Errors", !isFallible ? "none" : result.err === undefined ? "fails without a reason" : reference.type(result.err)),
		isBlocking(func) ? fact("Waits", waiting(func)) : undefined,
	];
}

function waiting({ async: isAsync }: Func): string {
	return isAsync ? "asynchronous: the caller may go on until the answer is there" : "the caller is suspended until the answer is there";
}

function fact(name: string, content: Content): Html {
	return html`<div><dt>${name}</dt><dd>${content}</dd></div>\n`;
}
