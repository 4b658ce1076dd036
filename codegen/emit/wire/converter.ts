/** The function that converts one type's values, either way. */
import { isDefaultedList, isOptionalField } from "../../model/abi.ts";
import type { ConvertedDef } from "../../model/carried/data-types.ts";
import { irVector, withoutAliases } from "../../model/carried/ir-type.ts";
import type { Field, FlagsDef, RecordDef, VariantDef } from "../../model/model.ts";
import { converterName } from "../../model/names/converter-names.ts";
import { snakeCase } from "../../model/names/spelling.ts";
import { delimited } from "../kit/layout.ts";
import { type WireScope, wireExpression } from "./expressions.ts";

/** @param from, to the types of the parameter and the result, as the file names them */
export function wireFunction(def: ConvertedDef, from: string, to: string, scope: WireScope): string {
	return `export function ${converterName(def, scope.direction)}(value: ${from}): ${to} {\n${body(def, to, scope)}}\n`;
}

function body(def: ConvertedDef, to: string, scope: WireScope): string {
	switch (def.kind) {
		case "record":
			return recordBody(def, to, scope);
		case "variant":
			return variantBody(def, scope);
		case "flags":
			return flagsBody(def, to);
		case "enum":
			throw new Error(`enum \`${def.name}\` is the same on the wire`);
	}
}

/** Members in the order that the conversion from WIT shape has too, whatever order the text had. */
function recordBody(def: RecordDef, to: string, scope: WireScope): string {
	const required = def.fields.filter((field) => !isOptionalField(field));
	const optional = def.fields.filter(isOptionalField);
	const members = required.map((field) => `${snakeCase(field.name)}: ${requiredValue(field, scope)}`);
	const additions = optional.map((field) => {
		const value = `value.${snakeCase(field.name)}`;
		const inner = field.type.kind === "option" ? field.type.some : field.type;
		return `\tif (${value} !== undefined) result.${snakeCase(field.name)} = ${wireExpression(inner, value, scope)};\n`;
	});
	const ends = additions.length === 0 ? ["return {", "};"] : [`const result: ${to} = {`, "};"];
	const literal = `\t${delimited(ends[0] ?? "", members, ends[1] ?? "", 1, " ")}\n`;
	return additions.length === 0 ? literal : `${literal}${additions.join("")}\treturn result;\n`;
}

function requiredValue(field: Field, scope: WireScope): string {
	const value = `value.${snakeCase(field.name)}`;
	if (field.type.kind !== "option" || !isDefaultedList(field)) return wireExpression(field.type, value, scope);
	const list = wireExpression(field.type.some, value, scope);
	if (scope.direction === "to-wire") return list;
	const vector = irVector(withoutAliases(field.type.some));
	const empty = vector === undefined ? "[]" : `new ${vector}()`;
	return list === value ? `${value} ?? ${empty}` : `${value} === undefined ? ${empty} : ${list}`;
}

function variantBody(def: VariantDef, scope: WireScope): string {
	const cases = def.cases.map(({ name, type }) => {
		const key = snakeCase(name);
		const payload = type === undefined ? "" : `, ${key}: ${wireExpression(type, `value.${key}`, scope)}`;
		return `\t\tcase ${JSON.stringify(key)}:\n\t\t\treturn { type: ${JSON.stringify(key)}${payload} };\n`;
	});
	return `\tswitch (value.type) {\n${cases.join("")}\t}\n`;
}

function flagsBody(def: FlagsDef, to: string): string {
	const names = def.flags.map((flag) => JSON.stringify(snakeCase(flag.name)));
	return `\t${delimited(`const all: ${to} = [`, names, "];", 1)}\n\treturn all.filter((name) => value.includes(name));\n`;
}
