/** Functions that turn one type's values from WIT shape into IR shape. */
import { isDefaultedList } from "../../../model/abi.ts";
import type { ConvertedDef } from "../../../model/carried/data-types.ts";
import { irVector, withoutAliases } from "../../../model/carried/ir-type.ts";
import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { EnumDef, FlagsDef, RecordDef, TypeRef, VariantDef } from "../../../model/model.ts";
import { converterName } from "../../../model/names/converter-names.ts";
import { camelCase, snakeCase } from "../../../model/names/spelling.ts";
import { canFail } from "../../kit/conversion/can-fail.ts";
import { toIr } from "../../kit/conversion/expressions.ts";
import { delimited } from "../../kit/layout.ts";
import type { ConvertModuleScope } from "./scope.ts";

export function toIrFunction(def: ConvertedDef, scope: ConvertModuleScope): string {
	const path = canFail({ kind: "named", def, span: def.span }) ? `, path = ""` : "";
	return `export function ${converterName(def, "to-ir")}(value: ${scope.wit(def)}${path}): ${scope.ir(def)} {\n${body(def, scope)}}\n`;
}

function body(def: ConvertedDef, scope: ConvertModuleScope): string {
	switch (def.kind) {
		case "record":
			return recordBody(def, scope);
		case "variant":
			return variantBody(def, scope);
		case "enum":
			return enumBody(def);
		case "flags":
			return flagsBody(def, scope);
	}
}

function recordBody(def: RecordDef, scope: ConvertModuleScope): string {
	const convert = (name: string, type: RecordDef["fields"][number]["type"]): string =>
		toIr(type, `value.${camelCase(name)}`, canFail(type) ? memberPath(name, scope) : "", scope);
	const members: string[] = [];
	const optional: string[] = [];
	for (const field of def.fields) {
		const { name, type } = field;
		if (type.kind === "option" && isDefaultedList(field)) members.push(`${snakeCase(name)}: ${listOrEmpty(name, type.some, scope)}`);
		else if (type.kind !== "option") members.push(`${snakeCase(name)}: ${convert(name, type)}`);
		else if (isNestedOption(type)) {
			const inner = toIr(type.some, `value.${camelCase(name)}.val`, memberPath(name, scope), scope);
			optional.push(`\tif (value.${camelCase(name)}.tag === "some") result.${snakeCase(name)} = ${inner};\n`);
		} else optional.push(`\tif (value.${camelCase(name)} !== undefined) result.${snakeCase(name)} = ${convert(name, type.some)};\n`);
	}
	const ends = optional.length === 0 ? ["return {", "};"] : [`const result: ${scope.ir(def)} = {`, "};"];
	const literal = `\t${delimited(ends[0] ?? "", members, ends[1] ?? "", 1, " ")}\n`;
	return optional.length === 0 ? literal : `${literal}${optional.join("")}\treturn result;\n`;
}

/** A list that is empty when the guest leaves it out. */
function listOrEmpty(name: string, type: TypeRef, scope: ConvertModuleScope): string {
	const value = `value.${camelCase(name)}`;
	const list = toIr(type, value, canFail(type) ? memberPath(name, scope) : "", scope);
	const vector = irVector(withoutAliases(type));
	if (list === value) return `${value} ?? ${vector === undefined ? "[]" : `new ${vector}()`}`;
	return `${value} === undefined ? [] : ${list}`;
}

function variantBody(def: VariantDef, scope: ConvertModuleScope): string {
	const cases = def.cases.map(({ name, type }) => {
		const key = snakeCase(name);
		const payload = type === undefined ? "" : `, ${key}: ${toIr(type, "value.val", canFail(type) ? memberPath(name, scope) : "", scope)}`;
		return `\t\tcase ${JSON.stringify(name)}:\n\t\t\treturn { type: ${JSON.stringify(key)}${payload} };\n`;
	});
	return `\tswitch (value.tag) {\n${cases.join("")}\t}\n`;
}

function enumBody(def: EnumDef): string {
	const cases = def.cases.map((item) => `\t\tcase ${JSON.stringify(item.name)}:\n\t\t\treturn ${JSON.stringify(snakeCase(item.name))};\n`);
	return `\tswitch (value) {\n${cases.join("")}\t}\n`;
}

function flagsBody(def: FlagsDef, scope: ConvertModuleScope): string {
	const pushes = def.flags.map(
		(flag) => `\tif (value.${camelCase(flag.name)} === true) result.push(${JSON.stringify(snakeCase(flag.name))});\n`,
	);
	return `\tconst result: ${scope.ir(def)} = [];\n${pushes.join("")}\treturn result;\n`;
}

function memberPath(name: string, scope: ConvertModuleScope): string {
	return `${scope.runtime("at")}(path, ${JSON.stringify(snakeCase(name))})`;
}
