/** Functions that turn one type's values from IR shape into WIT shape, checking them on the way. */
import { isDefaultedList } from "../../../model/abi.ts";
import type { ConvertedDef } from "../../../model/carried/data-types.ts";
import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { RecordDef, TypeRef, VariantDef } from "../../../model/model.ts";
import { converterName, namesTable } from "../../../model/names/converter-names.ts";
import { camelCase, snakeCase } from "../../../model/names/spelling.ts";
import { fromIr, functionFromIr } from "../../kit/conversion/expressions.ts";
import { delimited } from "../../kit/layout.ts";
import type { ConvertModuleScope } from "./scope.ts";

export function fromIrFunction(def: ConvertedDef, scope: ConvertModuleScope): string {
	const signature = `export function ${converterName(def, "from-ir")}(value: ${scope.ir(def)}, path = ""): ${scope.wit(def)} {\n`;
	return `${table(def)}${signature}${body(def, scope)}}\n`;
}

function body(def: ConvertedDef, scope: ConvertModuleScope): string {
	switch (def.kind) {
		case "record":
			return `\t${delimited("return {", fieldMembers(def, scope), "};", 1, " ")}\n`;
		case "variant":
			return variantBody(def, scope);
		case "enum":
			return `\treturn ${scope.runtime("lookup")}(${namesTable(def)}, value, path);\n`;
		case "flags":
			return `\treturn ${scope.runtime("flagsFromIr")}(${namesTable(def)}, value, path);\n`;
	}
}

function fieldMembers(def: RecordDef, scope: ConvertModuleScope): string[] {
	return def.fields.map((field) => {
		const { name, type } = field;
		const given = type.kind === "option" && isDefaultedList(field) ? type.some : type;
		return `${camelCase(name)}: ${fieldFromIr(given, name, scope)}`;
	});
}

function fieldFromIr(type: TypeRef, name: string, scope: ConvertModuleScope): string {
	const value = `value.${snakeCase(name)}`;
	const path = memberPath(name, scope);
	if (type.kind !== "option") return fromIr(type, value, path, scope);
	if (isNestedOption(type))
		return `${value} === undefined ? { tag: "none", val: undefined } : { tag: "some", val: ${fromIr(type.some, value, path, scope)} }`;
	return `${scope.runtime("optional")}(${value}, ${path}, ${functionFromIr(type.some, scope)})`;
}

function variantBody(def: VariantDef, scope: ConvertModuleScope): string {
	const cases = def.cases.map(({ name, type }) => {
		const key = snakeCase(name);
		const payload = type === undefined ? "" : `, val: ${fromIr(type, `value.${key}`, memberPath(name, scope), scope)}`;
		return `\t\tcase ${JSON.stringify(key)}:\n\t\t\treturn { tag: ${JSON.stringify(name)}${payload} };\n`;
	});
	return `\tswitch (value.type) {\n${cases.join("")}\t\tdefault:\n\t\t\tthrow ${scope.runtime("unknownCase")}(value, path);\n\t}\n`;
}

/** The names of an enum or of flags: as the IR spells them → as the component does. */
function table(def: ConvertedDef): string {
	if (def.kind !== "enum" && def.kind !== "flags") return "";
	const members = def.kind === "enum" ? def.cases : def.flags;
	const spell = (name: string): string => (def.kind === "enum" ? name : camelCase(name));
	const entries = members.map(({ name }) => `${snakeCase(name)}: ${JSON.stringify(spell(name))}`);
	return `${delimited(`const ${namesTable(def)} = {`, entries, "} as const;", 0, " ")}\n\n`;
}

function memberPath(name: string, scope: ConvertModuleScope): string {
	return `${scope.runtime("at")}(path, ${JSON.stringify(snakeCase(name))})`;
}
