/** Type definitions as TypeScript declarations in WIT shape. */

import type { DataDef } from "../../../model/carried/data-types.ts";
import { isNestedOption, type WitScope, witType } from "../../../model/carried/wit-type.ts";
import type { EnumDef, FlagsDef, RecordDef, TypeRef, VariantDef } from "../../../model/model.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { typeName } from "../../../model/names/type-names.ts";
import { docComment, docText, withMembers } from "../doc-comment.ts";
import { union } from "../layout.ts";

/** The declaration with its doc comment and a line end. */
export function witDefinition(def: DataDef, scope: WitScope): string {
	switch (def.kind) {
		case "record":
			return docComment(docText(def)) + recordText(def, scope);
		case "variant":
			return docComment(withMembers(docText(def), def.cases, kebab)) + variantText(def, scope);
		case "enum":
			return docComment(withMembers(docText(def), def.cases, kebab)) + enumText(def);
		case "flags":
			return docComment(docText(def)) + flagsText(def);
		case "alias":
			return `${docComment(docText(def))}export type ${typeName(def)} = ${witType(def.type, scope)};\n`;
	}
}

function kebab(name: string): string {
	return name;
}

function recordText(def: RecordDef, scope: WitScope): string {
	const fields = def.fields.map(
		(field) =>
			`${docComment(docText(field), 1)}\t${camelCase(field.name)}${isOmittable(field.type) ? "?" : ""}: ${witType(field.type, scope)};\n`,
	);
	return `export interface ${typeName(def)} {\n${fields.join("")}}\n`;
}

/** An option within an option is an object in either case. */
function isOmittable(type: TypeRef): boolean {
	return type.kind === "option" && !isNestedOption(type);
}

function variantText(def: VariantDef, scope: WitScope): string {
	const cases = def.cases.map(
		(item) => `{ tag: ${JSON.stringify(item.name)}${item.type === undefined ? "" : `; val: ${witType(item.type, scope)}`} }`,
	);
	return `${union(`export type ${typeName(def)} =`, cases)}\n`;
}

function enumText(def: EnumDef): string {
	return `${union(
		`export type ${typeName(def)} =`,
		def.cases.map((item) => JSON.stringify(item.name)),
	)}\n`;
}

function flagsText(def: FlagsDef): string {
	const flags = def.flags.map((flag) => `${docComment(docText(flag), 1)}\t${camelCase(flag.name)}?: boolean;\n`);
	return `export interface ${typeName(def)} {\n${flags.join("")}}\n`;
}
