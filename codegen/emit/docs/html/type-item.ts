/** The description of one type: its parts in a table, the functions of a resource below it. */
import { featuresOf, jsonKind } from "../../../model/abi.ts";
import type { Case, Field, Member, TypeDef } from "../../../model/model.ts";
import { type Limit, limitsOf } from "../limits.ts";
import { functionsOf, type Section } from "../outline.ts";
import { functionId, memberId } from "./anchors.ts";
import { gateBadges, gateNotes, nameClass, otherTags, roleBadges } from "./badges.ts";
import { functionItem } from "./function-item.ts";
import { type Content, type Html, heading, html, join } from "./markup.ts";
import { prose } from "./prose.ts";
import type { Reference } from "./reference.ts";

export function typeItem(reference: Reference, section: Section, def: TypeDef): Html {
	const id = reference.outline.typeId(def);
	const { docs, gates } = def;
	const names = reference.names(section, id, def);
	const name = html`<span class="kind">${kindOfType(def)}</span> <a class="${nameClass(gates)}" href="#${id}">${def.name}</a>`;
	return html`<article class="item ${def.kind}" id="${id}">
${heading(4, [name, roleBadges(def), gateBadges(gates)])}
${gateNotes(def, names)}${prose(docs.text, names)}${otherTags(docs)}${body(reference, section, def, id)}${usedBy(reference, def)}${functionsOf(def).map((func) => functionItem(reference, section, func, functionId(id, func)))}</article>
`;
}

/** WIT declares an alias by the word `type`. */
export function kindOfType({ kind }: TypeDef): string {
	return kind === "alias" ? "type" : kind;
}

function body(reference: Reference, section: Section, def: TypeDef, id: string): Content {
	const meaning = (member: Member): Content => [
		prose(member.docs.text, reference.names(section, memberId(id, member.name), def)),
		otherTags(member.docs),
	];
	const first = (member: Member): Html => {
		const anchor = memberId(id, member.name);
		return html`<tr id="${anchor}"><th scope="row"><a class="name" href="#${anchor}">${member.name}</a></th>`;
	};
	switch (def.kind) {
		case "record": {
			const row = (field: Field): Html =>
				html`${first(field)}<td>${reference.type(field.type)}</td><td>${meaning(field)}${chips(field, limitsOf(field))}</td></tr>\n`;
			return def.fields.length === 0 ? undefined : table(["Field", "Type", "Meaning"], def.fields.map(row));
		}
		case "variant": {
			const row = (item: Case): Html =>
				html`${first(item)}<td>${item.type === undefined ? undefined : reference.type(item.type)}</td><td>${meaning(item)}${chips(item)}</td></tr>\n`;
			return table(["Case", "Carries", "Meaning"], def.cases.map(row));
		}
		case "enum":
			return table(
				["Case", "Meaning"],
				def.cases.map((item) => html`${first(item)}<td>${meaning(item)}</td></tr>\n`),
			);
		case "flags":
			return table(
				["Flag", "Meaning"],
				def.flags.map((item) => html`${first(item)}<td>${meaning(item)}</td></tr>\n`),
			);
		case "alias": {
			const json = jsonKind(def);
			const holds = json === undefined ? "" : json === "any" ? " that holds JSON text" : " that holds the JSON text of an object";
			return html`<p class="alias">Is ${reference.type(def.type)}${holds}.</p>\n`;
		}
		case "resource": {
			const links = functionsOf(def).map((func) => html`<a href="#${functionId(id, func)}">${func.name}</a>`);
			return links.length < 2 ? undefined : html`<p class="functions">${join(links, ", ")}</p>\n`;
		}
	}
}

function table(columns: readonly string[], rows: readonly Html[]): Html {
	const width = columns.length === 2 ? "two" : "three";
	return html`<table class="members ${width}">
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
`;
}

/** Limits, default and demanded features, below the meaning. */
function chips(member: Member, limits: readonly Limit[] = []): Content {
	const all = [
		...limits.map(({ words, code }) => chip(words, code)),
		...featuresOf(member).map((feature) => html`<span class="chip feature">demands <code>${feature}</code></span>`),
	];
	return all.length === 0 ? undefined : html`<p class="chips">${join(all, " ")}</p>`;
}

function chip(words: string, code: string | undefined): Html {
	return code === undefined ? html`<span class="chip">${words}</span>` : html`<span class="chip">${words} <code>${code}</code></span>`;
}

function usedBy(reference: Reference, def: TypeDef): Content {
	const uses = reference.usesOf(def);
	if (uses.length === 0) return undefined;
	const links = uses.map(({ id, label }) => html`<a href="#${id}">${label}</a>`);
	return html`<details class="uses"><summary>Used by ${String(uses.length)}</summary><p>${join(links, ", ")}</p></details>\n`;
}
