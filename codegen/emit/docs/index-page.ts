/** `docs/README.md`: where to find what. */
import { type Abi, errorRecord } from "../../model/abi.ts";
import { importName } from "../../model/build-abi.ts";
import type { Item, World } from "../../model/model.ts";
import { moduleName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { table, typeLink } from "./markdown.ts";

interface IndexData {
	readonly header: string;
	readonly title: string;
	readonly summary: string;
	readonly operations: string;
	readonly interfaces: string;
	readonly worlds: string;
	readonly error: string;
}

const indexTemplate = template<IndexData>(new URL("./index-page.hbs", import.meta.url));

export function indexPage(abi: Abi): string {
	const { main } = abi.model;
	const error = errorRecord(abi);
	const operations = abi.families.map((family) => [
		`\`${family.operation}\``,
		pageLink(family.name),
		family.transports.map((name) => `\`${name}\``).join(", "),
		family.features.map((name) => `\`${name}\``).join(", "),
	]);
	return indexTemplate({
		header: header([...main.interfaces, ...main.worlds].map(witSource), "html"),
		title: `The ABI \`${main.id.namespace}:${main.id.name}${main.id.version === undefined ? "" : `@${main.id.version}`}\``,
		summary: main.docs.text,
		operations: table(["Operation", "Interface", "Transports", "Features"], operations),
		interfaces: table(
			["Interface", "What for"],
			abi.interfaces.map(({ interface: iface }) => [pageLink(iface.name), firstParagraph(iface)]),
		),
		worlds: table(["World", "What for", "Imports"], main.worlds.map(worldRow)),
		error: error === undefined ? "`error`" : `[\`error\`](${typeLink(error, "")})`,
	});
}

function worldRow(world: World): string[] {
	const imports = world.imports.flatMap((item) => (item.kind === "interface" && !item.implied ? [pageLink(item.interface.name)] : []));
	return [`\`${importName(world.package, world.name)}\``, firstParagraph(world), imports.join(", ")];
}

function pageLink(name: string): string {
	return `[\`${name}\`](${moduleName(name)}.md)`;
}

function firstParagraph({ docs }: Item): string {
	return docs.text.split("\n\n")[0] ?? "";
}
