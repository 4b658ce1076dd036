/** The section of a page that describes one type. */

import { featuresOf, jsonKind } from "../../../model/abi.ts";
import type { Docs, Field, TypeDef } from "../../../model/model.ts";
import { markdownTable } from "../../kit/markdown-table.ts";
import { limitsOf } from "../limits.ts";
import { functionsOf } from "../outline.ts";
import { commentLine, commentText } from "./comment-text.ts";
import { functionSection } from "./function-section.ts";
import { cautionLine, type Links, typeHeading } from "./pieces.ts";

export function typeSection(def: TypeDef, links: Links): string {
	return [`### ${typeHeading(def)}\n`, cautionLine(def), def.docs.text === "" ? "" : `${commentText(def.docs.text)}\n`, ...body(def, links)]
		.filter((part) => part !== "")
		.join("\n");
}

function body(def: TypeDef, links: Links): string[] {
	switch (def.kind) {
		case "record": {
			const rows = def.fields.map((field) => [
				`\`${field.name}\``,
				links.type(field.type),
				limits(field),
				features(field),
				commentLine(field.docs.text),
			]);
			return [markdownTable(["Field", "Type", "Limits", "Demands", "Meaning"], rows)];
		}
		case "variant": {
			const rows = def.cases.map((item) => [
				`\`${item.name}\``,
				item.type === undefined ? "" : links.type(item.type),
				features(item),
				commentLine(item.docs.text),
			]);
			return [markdownTable(["Case", "Carries", "Demands", "Meaning"], rows)];
		}
		case "enum":
			return [
				markdownTable(
					["Case", "Meaning"],
					def.cases.map((item) => [`\`${item.name}\``, commentLine(item.docs.text)]),
				),
			];
		case "flags":
			return [
				markdownTable(
					["Flag", "Meaning"],
					def.flags.map((item) => [`\`${item.name}\``, commentLine(item.docs.text)]),
				),
			];
		case "alias":
			return [`Is ${links.type(def.type)}${jsonKind(def) === undefined ? "" : " that holds JSON text"}.\n`];
		case "resource":
			return functionsOf(def).map((func) => functionSection(func, links));
	}
}

function features(member: { readonly docs: Docs }): string {
	return featuresOf(member)
		.map((feature) => `\`${feature}\``)
		.join(", ");
}

function limits(field: Field): string {
	return limitsOf(field)
		.map(({ words, code }) => (code === undefined ? words : `${words} \`${code}\``))
		.join(", ");
}
