/** The sections of interfaces and worlds. */
import type { Interface, TypeDef, WorldItem } from "../../../model/model.ts";
import { demandsByFeature } from "../features.ts";
import { type Direction, type InterfaceSection, portsOf, type Section, type WorldSection } from "../outline.ts";
import { functionId, memberId, portId } from "./anchors.ts";
import { badge, gateBadges, gateNotes, nameClass, otherTags, warningBadges } from "./badges.ts";
import { functionItem } from "./function-item.ts";
import { type Content, type Html, heading, html, join } from "./markup.ts";
import { prose } from "./prose.ts";
import type { Reference } from "./reference.ts";
import { typeItem } from "./type-item.ts";

export function interfaceSection(reference: Reference, section: InterfaceSection): Html {
	const { interface: iface, family, id } = section;
	const { docs, gates } = iface;
	const names = reference.names(section, id);
	const name = html`<span class="kind">interface</span> <a class="${nameClass(gates)}" href="#${id}">${section.title}</a>`;
	const operation = family === undefined ? undefined : badge(family.operation, "role");
	return html`<section class="part" id="${id}">
${heading(2, [name, operation, gateBadges(gates)])}
${gateNotes(iface, names)}${prose(docs.text, names)}${otherTags(docs)}${facts(reference, section)}${featureTable(reference, section)}${items(reference, section, iface)}</section>
`;
}

export function worldSection(reference: Reference, section: WorldSection): Html {
	const { world, id, types } = section;
	const { docs, gates } = world;
	const names = reference.names(section, id);
	const name = html`<span class="kind">world</span> <a class="${nameClass(gates)}" href="#${id}">${section.title}</a>`;
	return html`<section class="part" id="${id}">
${heading(2, [name, gateBadges(gates)])}
${gateNotes(world, names)}${prose(docs.text, names)}${otherTags(docs)}<dl class="facts"><div><dt>World</dt><dd><code>${section.fullName}</code></dd></div>
</dl>
${ports(reference, section, "import")}${ports(reference, section, "export")}${typeGroup(reference, section, "Types", types)}</section>
${section.inline.map((inline) => interfaceSection(reference, inline))}`;
}

function facts(reference: Reference, { family, fullName, interface: iface }: InterfaceSection): Html {
	const link = (def: TypeDef): Html => html`<a href="#${reference.outline.typeId(def)}"><code>${def.name}</code></a>`;
	const used = iface.uses.map(({ name, target }) => html`<a href="#${reference.outline.typeId(target)}"><code>${name}</code></a>`);
	return html`<dl class="facts">
<div><dt>Import</dt><dd><code>${fullName}</code></dd></div>
${
	family === undefined
		? undefined
		: html`<div><dt>Operation</dt><dd><code>${family.operation}</code></dd></div>
<div><dt>Transports</dt><dd>${codes(family.transports)}</dd></div>
<div><dt>Request</dt><dd>${link(family.payload)}</dd></div>
<div><dt>Answer</dt><dd>${link(family.result)}</dd></div>
${family.event === undefined ? undefined : html`<div><dt>Events</dt><dd>${link(family.event)}</dd></div>\n`}`
}${used.length === 0 ? undefined : html`<div><dt>Uses</dt><dd>${join(used, ", ")}</dd></div>\n`}</dl>
`;
}

function featureTable(reference: Reference, { family }: InterfaceSection): Content {
	if (family === undefined || family.features.length === 0) return undefined;
	const rows = [...demandsByFeature(family)].map(([feature, demands]) => {
		const links = demands.map(({ owner, member }) => {
			const type = reference.outline.typeId(owner);
			return html`<a href="#${memberId(type, member)}"><code>${owner.name}.${member}</code></a>`;
		});
		return html`<tr><th scope="row"><code>${feature}</code></th><td>${join(links, ", ")}</td></tr>\n`;
	});
	return html`${heading(3, "Features")}
<p>Demands of a request on the backend that serves it.</p>
<table class="listing"><thead><tr><th scope="col">Feature</th><th scope="col">Demanded by</th></tr></thead>
<tbody>
${rows}</tbody></table>
`;
}

function items(reference: Reference, section: InterfaceSection, { functions, types }: Interface): Content {
	return [
		functions.length === 0
			? undefined
			: html`${heading(3, "Functions")}\n${functions.map((func) => functionItem(reference, section, func, functionId(section.id, func)))}`,
		typeGroup(
			reference,
			section,
			"Resources",
			types.filter((def) => def.kind === "resource"),
		),
		typeGroup(
			reference,
			section,
			"Types",
			types.filter((def) => def.kind !== "resource"),
		),
	];
}

function typeGroup(reference: Reference, section: Section, title: string, types: readonly TypeDef[]): Content {
	return types.length === 0 ? undefined : html`${heading(3, title)}\n${types.map((def) => typeItem(reference, section, def))}`;
}

/** Interfaces in a table, then functions in full. */
function ports(reference: Reference, section: WorldSection, direction: Direction): Content {
	const all = portsOf(section.world).filter(([each]) => each === direction);
	if (all.length === 0) return undefined;
	const rows = all.flatMap(([, item]) => (item.kind === "interface" ? [portRow(reference, section, item)] : []));
	const functions = all.flatMap(([, item]) => (item.kind === "function" ? [item.func] : []));
	return html`${heading(3, direction === "import" ? "Imports" : "Exports")}
${rows.length === 0 ? undefined : html`<table class="listing"><thead><tr><th scope="col">Interface</th><th scope="col">Purpose</th></tr></thead>\n<tbody>\n${rows}</tbody></table>\n`}${functions.map((func) => functionItem(reference, section, func, portId(section.id, direction, func)))}`;
}

function portRow(reference: Reference, world: WorldSection, item: Extract<WorldItem, { kind: "interface" }>): Html {
	const section = reference.outline.sectionOfInterface(item.interface);
	const label = item.name === undefined || item.name === section.title ? undefined : html`<code>${item.name}</code>: `;
	const implied = item.implied ? html` <span class="badge">for its types</span>` : undefined;
	const text = item.docs.text === "" ? item.interface.docs.text : item.docs.text;
	return html`<tr><th scope="row">${label}<a href="#${section.id}"><code>${section.title}</code></a>${implied}${warningBadges(item.gates)}</th><td>${prose(firstParagraph(text), reference.names(item.docs.text === "" ? section : world, section.id))}</td></tr>\n`;
}

export function firstParagraph(text: string): string {
	return text.split("\n\n", 1)[0] ?? "";
}

export function codes(names: readonly string[]): Content {
	return join(
		names.map((name) => html`<code>${name}</code>`),
		", ",
	);
}
