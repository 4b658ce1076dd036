/** `docs/README.md`: where to find what. */

import { type Abi, errorRecord } from "../../../model/abi.ts";
import { markdownTable } from "../../kit/markdown-table.ts";
import { template } from "../../kit/template.ts";
import type { InterfaceSection, Outline, PackageOutline, WorldSection } from "../outline.ts";
import { commentLine, commentText } from "./comment-text.ts";
import { firstParagraph, Links } from "./pieces.ts";

interface IndexData {
	readonly notice: string;
	readonly title: string;
	readonly summary: string;
	/** True if there are hostcalls of core modules, which have a page of their own. */
	readonly hasCore: boolean;
	readonly operations: string;
	readonly interfaces: string;
	readonly worlds: string;
	readonly dependencies: readonly { readonly title: string; readonly contents: string }[];
	/** Link to the error record of an ABI with operations. Empty for any other package, which has rules of its own. */
	readonly error: string;
}

const indexTemplate = template<IndexData>(new URL("./index-page.hbs", import.meta.url));

export function indexPage(outline: Outline, notice: string, hasCore: boolean): string {
	const { abi, main, packages } = outline;
	const links = new Links(outline, "README.md");
	const error = errorRecord(abi);
	const page = indexTemplate({
		notice,
		title: `The ABI \`${main.title}\``,
		summary: commentText(main.package.docs.text),
		hasCore,
		operations: operations(abi, links),
		interfaces: interfaces(main.interfaces, links),
		worlds: worlds(main.worlds, links),
		dependencies: packages.slice(1).map((each) => ({ title: each.title, contents: contents(each, links) })),
		error: abi.families.length === 0 || error === undefined ? "" : `[\`error\`](${links.typeAddress(error)})`,
	});
	return `${page.trimEnd()}\n`;
}

function operations({ families }: Abi, links: Links): string {
	const rows = families.map((family) => [
		`\`${family.operation}\``,
		links.section(links.outline.sectionOfInterface(family.interface)),
		family.transports.map((name) => `\`${name}\``).join(", "),
		family.features.map((name) => `\`${name}\``).join(", "),
	]);
	return markdownTable(["Operation", "Interface", "Transports", "Features"], rows);
}

function interfaces(sections: readonly InterfaceSection[], links: Links): string {
	const rows = sections.map((section) => [links.section(section), commentLine(firstParagraph(section.interface.docs.text))]);
	return markdownTable(["Interface", "What for"], rows);
}

function worlds(sections: readonly WorldSection[], links: Links): string {
	const rows = sections.map((section) => [
		links.section(section),
		commentLine(firstParagraph(section.world.docs.text)),
		section.world.imports
			.flatMap((item) =>
				item.kind === "interface" && !item.implied ? [links.section(links.outline.sectionOfInterface(item.interface))] : [],
			)
			.join(", "),
	]);
	return markdownTable(["World", "What for", "Imports"], rows);
}

function contents(outline: PackageOutline, links: Links): string {
	const parts = [commentText(outline.package.docs.text), interfaces(outline.interfaces, links), worlds(outline.worlds, links)];
	return parts.filter((part) => part !== "").join("\n");
}
