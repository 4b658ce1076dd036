/** The navigation on the left: packages, their interfaces and worlds, and the items of each. */
import type { Gates, TypeDef } from "../../../model/model.ts";
import { type PackageOutline, portsOf, type Section } from "../outline.ts";
import { functionId, portId } from "./anchors.ts";
import { nameClass } from "./badges.ts";
import { kindOfFunction } from "./function-item.ts";
import { type Content, type Html, html } from "./markup.ts";
import type { Reference } from "./reference.ts";
import { kindOfType } from "./type-item.ts";

interface Entry {
	readonly kind: string;
	readonly name: string;
	readonly id: string;
	readonly gates: Gates;
}

export function navigation(reference: Reference): Html {
	const { packages } = reference.outline;
	return html`<nav id=":navigation" aria-label="Contents">
<ul class="tree"><li><a href="#:overview">Overview</a></li></ul>
${packages.map((each, index) => packageTree(reference, each, index > 0))}</nav>
`;
}

function packageTree(reference: Reference, { title, interfaces, worlds }: PackageOutline, isTitled: boolean): Content {
	return [
		isTitled ? html`<h2 class="package">${title}</h2>\n` : undefined,
		tree(reference, "Interfaces", interfaces),
		tree(
			reference,
			"Worlds",
			worlds.flatMap((world) => [world, ...world.inline]),
		),
	];
}

function tree(reference: Reference, title: string, sections: readonly Section[]): Content {
	if (sections.length === 0) return undefined;
	return html`<h2>${title}</h2>
<ul class="tree">
${sections.map((section) => branch(section, entriesOf(reference, section)))}</ul>
`;
}

function branch(section: Section, entries: readonly Entry[]): Html {
	const { gates } = section.kind === "interface" ? section.interface : section.world;
	const name = section.kind === "interface" ? section.interface.name : section.world.name;
	const link = html`<a class="${nameClass(gates)}" href="#${section.id}">${name}</a>`;
	if (entries.length === 0) return html`<li>${link}</li>\n`;
	return html`<li class="branch"><button type="button" class="fold" aria-expanded="true" aria-label="Items of ${name}"></button>${link}
<ul>
${entries.map(({ kind, name: item, id, gates: own }) => html`<li><a class="${nameClass(own)}" href="#${id}">${item}</a> <span class="kind">${kind}</span></li>\n`)}</ul></li>
`;
}

function entriesOf(reference: Reference, section: Section): Entry[] {
	const ofType = (def: TypeDef): Entry => ({ kind: kindOfType(def), name: def.name, id: reference.outline.typeId(def), gates: def.gates });
	if (section.kind === "world") {
		const ports = portsOf(section.world).flatMap(([direction, item]) =>
			item.kind === "function"
				? [{ kind: direction, name: item.func.name, id: portId(section.id, direction, item.func), gates: item.func.gates }]
				: [],
		);
		return [...ports, ...section.types.map(ofType)];
	}
	const { functions, types } = section.interface;
	return [
		...functions.map((func) => ({ kind: kindOfFunction(func), name: func.name, id: functionId(section.id, func), gates: func.gates })),
		...types.filter((def) => def.kind === "resource").map(ofType),
		...types.filter((def) => def.kind !== "resource").map(ofType),
	];
}
