/** The section of a page that describes one type. */
import { constraintsOf, featuresOf, jsonKind } from "../../model/abi.ts";
import type { Docs, Field, Func, TypeDef } from "../../model/model.ts";
import { functionSection } from "./function-section.ts";
import { linkedType, table, typeHeading } from "./markdown.ts";

export function typeSection(def: TypeDef, page: string): string {
	return [`### ${typeHeading(def)}\n`, def.docs.text === "" ? "" : `${def.docs.text}\n`, ...body(def, page)]
		.filter((part) => part !== "")
		.join("\n");
}

function body(def: TypeDef, page: string): string[] {
	switch (def.kind) {
		case "record": {
			const rows = def.fields.map((field) => [
				`\`${field.name}\``,
				linkedType(field.type, page),
				limits(field),
				features(field),
				field.docs.text,
			]);
			return [table(["Field", "Type", "Limits", "Demands", "Meaning"], rows)];
		}
		case "variant": {
			const rows = def.cases.map((item) => [
				`\`${item.name}\``,
				item.type === undefined ? "" : linkedType(item.type, page),
				features(item),
				item.docs.text,
			]);
			return [table(["Case", "Carries", "Demands", "Meaning"], rows)];
		}
		case "enum":
			return [
				table(
					["Case", "Meaning"],
					def.cases.map((item) => [`\`${item.name}\``, item.docs.text]),
				),
			];
		case "flags":
			return [
				table(
					["Flag", "Meaning"],
					def.flags.map((item) => [`\`${item.name}\``, item.docs.text]),
				),
			];
		case "alias":
			return [`Is ${linkedType(def.type, page)}${jsonKind(def) === undefined ? "" : " that holds JSON text"}.\n`];
		case "resource": {
			const functions: readonly Func[] = [...(def.constructorFunc === undefined ? [] : [def.constructorFunc]), ...def.functions];
			return functions.map((func) => functionSection(func, page));
		}
	}
}

function features(member: { readonly docs: Docs }): string {
	return featuresOf(member)
		.map((feature) => `\`${feature}\``)
		.join(", ");
}

/** Constraints and default of a field, in words. */
function limits(field: Field): string {
	const { integer, minimum, maximum, minItems, maxItems, pattern, default: preset } = constraintsOf(field);
	return [
		integer === true ? "whole number" : "",
		between(minimum, maximum),
		between(minItems, maxItems, "item"),
		pattern === undefined ? "" : `matches \`${pattern}\``,
		preset === undefined ? "" : `default \`${preset}\``,
	]
		.filter((part) => part !== "")
		.join(", ");
}

function between(low: number | undefined, high: number | undefined, unit?: string): string {
	const count = (value: number): string => (unit === undefined ? String(value) : `${value} ${unit}${value === 1 ? "" : "s"}`);
	if (low !== undefined && high !== undefined) return `${low} to ${count(high)}`;
	if (low !== undefined) return `at least ${count(low)}`;
	return high === undefined ? "" : `at most ${count(high)}`;
}
