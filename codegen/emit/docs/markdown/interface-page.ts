/** The reference page of one interface. */

import type { Family } from "../../../model/abi.ts";
import { markdownTable } from "../../kit/markdown-table.ts";
import { template } from "../../kit/template.ts";
import { demandsByFeature } from "../features.ts";
import type { InterfaceSection, Outline } from "../outline.ts";
import { commentText } from "./comment-text.ts";
import { functionSection } from "./function-section.ts";
import { history, Links } from "./pieces.ts";
import { typeSection } from "./type-section.ts";

interface PageData {
	readonly notice: string;
	readonly title: string;
	readonly summary: string;
	readonly facts: readonly string[];
	readonly features: string;
	readonly functions: string;
	readonly resources: string;
	readonly types: string;
}

const pageTemplate = template<PageData>(new URL("./interface-page.hbs", import.meta.url));

export function interfacePage(outline: Outline, section: InterfaceSection, notice: string): string {
	const { interface: iface, family } = section;
	const links = new Links(outline, section.page);
	const resources = iface.types.filter((def) => def.kind === "resource");
	const types = iface.types.filter((def) => def.kind !== "resource");
	const page = pageTemplate({
		notice,
		title: `Interface \`${section.title}\``,
		summary: commentText(iface.docs.text),
		facts: [`Import: \`${section.fullName}\``, ...history(iface), ...(family === undefined ? [] : familyFacts(family, links))],
		features: family === undefined ? "" : featureTable(family, links),
		functions: iface.functions.map((func) => functionSection(func, links)).join("\n"),
		resources: resources.map((def) => typeSection(def, links)).join("\n"),
		types: types.map((def) => typeSection(def, links)).join("\n"),
	});
	return `${page.trimEnd()}\n`;
}

function familyFacts(family: Family, links: Links): string[] {
	return [
		`Operation: \`${family.operation}\``,
		`Transports: ${family.transports.map((name) => `\`${name}\``).join(", ")}`,
		`Request: ${links.def(family.payload)}, answer: ${links.def(family.result)}${family.event === undefined ? "" : `, events: ${links.def(family.event)}`}`,
	];
}

function featureTable(family: Family, links: Links): string {
	const rows = [...demandsByFeature(family)].map(([feature, demands]) => [
		`\`${feature}\``,
		demands.map(({ owner, member }) => `\`${member}\` of ${links.def(owner)}`).join("; "),
	]);
	return markdownTable(["Feature", "Demanded by"], rows);
}
