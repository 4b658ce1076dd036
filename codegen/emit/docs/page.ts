/** The reference page of one interface. */
import type { AbiInterface, Family } from "../../model/abi.ts";
import type { Gates } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { demandsByFeature } from "./features.ts";
import { functionSection } from "./function-section.ts";
import { table, typeHeading, typeLink } from "./markdown.ts";
import { typeSection } from "./type-section.ts";

interface PageData {
	readonly header: string;
	readonly title: string;
	readonly summary: string;
	readonly facts: readonly string[];
	readonly features: string;
	readonly functions: string;
	readonly resources: string;
	readonly types: string;
}

const pageTemplate = template<PageData>(new URL("./page.hbs", import.meta.url));

export function interfacePage(entry: AbiInterface): string {
	const { interface: iface, family } = entry;
	const resources = iface.types.filter((def) => def.kind === "resource");
	const types = iface.types.filter((def) => def.kind !== "resource");
	const page = pageTemplate({
		header: header([witSource(iface)], "html"),
		title: `Interface \`${iface.name}\``,
		summary: iface.docs.text,
		facts: [`Import: \`${entry.importName}\``, ...history(iface.gates), ...(family === undefined ? [] : familyFacts(family))],
		features: family === undefined ? "" : featureTable(family),
		functions: iface.functions.map((func) => functionSection(func, iface.name)).join("\n"),
		resources: resources.map((def) => typeSection(def, iface.name)).join("\n"),
		types: types.map((def) => typeSection(def, iface.name)).join("\n"),
	});
	return `${page.trimEnd()}\n`;
}

function history({ since, unstable, deprecated }: Gates): string[] {
	return [
		...(since === undefined ? [] : [`Since: ${since.version}`]),
		...(unstable === undefined ? [] : [`Unstable, behind the feature \`${unstable.feature}\``]),
		...(deprecated === undefined ? [] : [`Deprecated since: ${deprecated.version}`]),
	];
}

function familyFacts(family: Family): string[] {
	const link = (def: Family["payload"] | NonNullable<Family["event"]>): string => `[${typeHeading(def)}](${typeLink(def, family.name)})`;
	return [
		`Operation: \`${family.operation}\``,
		`Transports: ${family.transports.map((name) => `\`${name}\``).join(", ")}`,
		`Request: ${link(family.payload)}, answer: ${link(family.result)}${family.event === undefined ? "" : `, events: ${link(family.event)}`}`,
	];
}

function featureTable(family: Family): string {
	const rows = [...demandsByFeature(family)].map(([feature, demands]) => [
		`\`${feature}\``,
		demands.map(({ owner, member }) => `\`${member}\` of [${typeHeading(owner)}](${typeLink(owner, family.name)})`).join("; "),
	]);
	return table(["Feature", "Demanded by"], rows);
}
