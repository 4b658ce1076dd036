/** The reference page of one world. */

import { markdownTable } from "../../kit/markdown-table.ts";
import { template } from "../../kit/template.ts";
import { type Direction, type Outline, portsOf, type WorldSection } from "../outline.ts";
import { commentLine, commentText } from "./comment-text.ts";
import { functionSection } from "./function-section.ts";
import { cautions, firstParagraph, history, Links } from "./pieces.ts";
import { typeSection } from "./type-section.ts";

interface PageData {
	readonly notice: string;
	readonly title: string;
	readonly summary: string;
	readonly facts: readonly string[];
	readonly imports: string;
	readonly exports: string;
	readonly types: string;
}

const pageTemplate = template<PageData>(new URL("./world-page.hbs", import.meta.url));

export function worldPage(outline: Outline, section: WorldSection, notice: string): string {
	const { world } = section;
	const links = new Links(outline, section.page);
	const page = pageTemplate({
		notice,
		title: `World \`${section.title}\``,
		summary: commentText(world.docs.text),
		facts: [`World: \`${section.fullName}\``, ...history(world)],
		imports: ports(section, "import", links),
		exports: ports(section, "export", links),
		types: section.types.map((def) => typeSection(def, links)).join("\n"),
	});
	return `${page.trimEnd()}\n`;
}

/** Interfaces in a table, then functions in full. */
function ports({ world }: WorldSection, direction: Direction, links: Links): string {
	const items = portsOf(world).flatMap(([each, item]) => (each === direction ? [item] : []));
	const rows = items.flatMap((item) => {
		if (item.kind === "function") return [];
		const target = links.outline.sectionOfInterface(item.interface);
		const name = item.name === undefined || item.name === target.title ? "" : `\`${item.name}\`: `;
		const purpose = commentLine(firstParagraph(item.docs.text === "" ? item.interface.docs.text : item.docs.text));
		return [[`${name}${links.section(target)}`, item.implied ? "for its types" : "", cautions(item).join(". "), purpose]];
	});
	const functions = items.flatMap((item) => (item.kind === "function" ? [functionSection(item.func, links)] : []));
	return [markdownTable(["Interface", "Why", "Caution", "Purpose"], rows), ...functions].filter((part) => part !== "").join("\n");
}
