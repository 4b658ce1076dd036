/** Type definitions as TypeScript declarations in IR shape. */
import { isDefaultedList, isOptionalField, jsonKind, tagValue } from "../../model/abi.ts";
import type { DataDef } from "../../model/carried/data-types.ts";
import { type IrScope, irType } from "../../model/carried/ir-type.ts";
import type { Case, EnumDef, Field, FlagsDef, RecordDef, VariantDef } from "../../model/model.ts";
import { snakeCase } from "../../model/names/spelling.ts";
import { caseMember, typeName } from "../../model/names/type-names.ts";
import { docComment, docText, withMembers } from "./doc-comment.ts";
import { tabs, union } from "./layout.ts";
import { defaultValue } from "./schema/definition.ts";

/** Names of what the printed file refers to. Asking for a name imports it. */
export interface DefinitionScope extends IrScope {
	/** The type of the value that JSON text stands for. */
	json(kind: NonNullable<ReturnType<typeof jsonKind>>): string;
}

/** The declaration with its doc comment and a line end. */
export function irDefinition(def: DataDef, scope: DefinitionScope): string {
	switch (def.kind) {
		case "record":
			return docComment(docText(def)) + recordText(def, scope);
		case "variant":
			return docComment(docText(def)) + variantText(def, scope);
		case "enum":
			return docComment(withMembers(docText(def), def.cases)) + enumText(def);
		case "flags":
			return docComment(withMembers(docText(def), def.flags)) + flagsText(def);
		case "alias": {
			const json = jsonKind(def);
			return `${docComment(docText(def))}export type ${typeName(def)} = ${json === undefined ? irType(def.type, scope) : scope.json(json)};\n`;
		}
	}
}

function recordText(def: RecordDef, scope: IrScope): string {
	return `export interface ${typeName(def)} {\n${def.fields.map((field) => fieldText(field, scope)).join("")}}\n`;
}

/** A field that may be left out has the type of its value. A list that is empty when left out is always there in memory, and not in JSON. */
function fieldText(field: Field, scope: IrScope): string {
	const isAlwaysThere = isDefaultedList(field) && scope.form !== "wire";
	const isOptional = isOptionalField(field) || (isDefaultedList(field) && !isAlwaysThere);
	const type = isOptional || isAlwaysThere ? withoutOption(field) : field.type;
	const doc = isAlwaysThere ? field.docs.text : fieldDoc(field);
	return `${docComment(doc, 1)}\t${snakeCase(field.name)}${isOptional ? "?" : ""}: ${irType(type, scope)};\n`;
}

function fieldDoc(field: Field): string {
	const preset = tagValue(field, "default");
	if (preset === undefined) return docText(field);
	const value = defaultValue(preset, withoutOption(field));
	return docText(field, typeof value === "string" ? value : JSON.stringify(value));
}

function withoutOption({ type }: Field): Field["type"] {
	return type.kind === "option" ? type.some : type;
}

function variantText(def: VariantDef, scope: IrScope): string {
	return `${union(
		`export type ${typeName(def)} =`,
		def.cases.map((item) => caseText(item, scope)),
	)}\n`;
}

/** A case as a member of a union, over several lines at a depth of two tabs. The doc stands with the value; without one, with the name. */
function caseText(item: Case, scope: IrScope): string {
	const name = snakeCase(item.name);
	const doc = docComment(docText(item), 3);
	const tag = `${tabs(3)}type: ${JSON.stringify(name)};\n`;
	const members = item.type === undefined ? doc + tag : `${tag}${doc}${tabs(3)}${caseMember(item)}: ${irType(item.type, scope)};\n`;
	return `{\n${members}${tabs(1)}  }`;
}

function enumText(def: EnumDef): string {
	return `${union(
		`export type ${typeName(def)} =`,
		def.cases.map((each) => JSON.stringify(snakeCase(each.name))),
	)}\n`;
}

function flagsText(def: FlagsDef): string {
	return `export type ${typeName(def)} = (${def.flags.map((flag) => JSON.stringify(snakeCase(flag.name))).join(" | ")})[];\n`;
}
