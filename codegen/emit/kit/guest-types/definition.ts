/** Types and resources as declarations of an ambient module. */
import { isDefaultedList } from "../../../model/abi.ts";
import type { EnumDef, FlagsDef, Func, RecordDef, ResourceDef, TypeDef, VariantDef } from "../../../model/model.ts";
import { NameScope } from "../../../model/names/name-scope.ts";
import { safeIdentifier } from "../../../model/names/reserved.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { resourceClass, typeName } from "../../../model/names/type-names.ts";
import { docComment, docText, withMembers } from "../doc-comment.ts";
import { delimited, union } from "../layout.ts";
import type { Direction } from "./direction.ts";
import { type GuestScope, guestType, isOmittable } from "./type-text.ts";

/** The declaration at a depth of one tab, with its doc comment and a line end. */
export function guestDefinition(def: TypeDef, direction: Direction, scope: GuestScope): string {
	switch (def.kind) {
		case "record":
			return docComment(docText(def), 1) + recordText(def, direction, scope);
		case "variant":
			return docComment(withMembers(docText(def), def.cases, kebab), 1) + variantText(def, direction, scope);
		case "enum":
			return docComment(withMembers(docText(def), def.cases, kebab), 1) + enumText(def);
		case "flags":
			return docComment(docText(def), 1) + flagsText(def, direction);
		case "alias":
			return `${docComment(docText(def), 1)}\texport type ${typeName(def)} = ${guestType(def.type, direction, scope)};\n`;
		case "resource":
			return docComment(docText(def), 1) + classText(def, scope);
	}
}

/** A function of an interface. A name that JavaScript reserves is exported under it all the same. */
export function guestFunction(func: Func, scope: GuestScope): string {
	const name = camelCase(func.name);
	const local = safeIdentifier(name);
	const text = `${functionDoc(func, 1, scope)}\t${local === name ? "export " : ""}${delimited(`function ${local}(`, parameters(func, "sent", scope), `): ${returned(func, "received", scope)};`, 1)}\n`;
	return local === name ? text : `${text}\texport { ${local} as ${name} };\n`;
}

/** Parameters with their types. All must be given: QuickJS refuses a call with fewer arguments than parameters. */
export function parameters(func: Func, direction: Direction, scope: GuestScope): string[] {
	const names = new NameScope();
	return func.params.map((param) => `${names.take(camelCase(param.name))}: ${guestType(param.type, direction, scope)}`);
}

/** The type a function returns; the error of a `result` is thrown. */
export function returned(func: Func, direction: Direction, scope: GuestScope): string {
	const value = func.result?.kind === "result" ? func.result.ok : func.result;
	const type = value === undefined ? "void" : guestType(value, direction, scope);
	return func.async ? `Promise<${type}>` : type;
}

export function functionDoc(func: Func, depth: number, scope: GuestScope): string {
	const throws = func.result?.kind === "result" && func.result.err !== undefined ? `@throws ${scope.thrown(func.result.err)}` : "";
	return docComment([docText(func), throws].filter((part) => part !== "").join("\n\n"), depth);
}

function kebab(name: string): string {
	return name;
}

function recordText(def: RecordDef, direction: Direction, scope: GuestScope): string {
	const fields = def.fields.map((field) => {
		const { name } = field;
		// The host never leaves such a list out.
		const type = field.type.kind === "option" && direction === "received" && isDefaultedList(field) ? field.type.some : field.type;
		const member = `${camelCase(name)}${isOmittable(type, direction) ? "?" : ""}: ${guestType(type, direction, scope)};`;
		return `${docComment(docText(field), 2)}\t\t${member}\n`;
	});
	return `\texport interface ${typeName(def)} {\n${fields.join("")}\t}\n`;
}

function variantText(def: VariantDef, direction: Direction, scope: GuestScope): string {
	const cases = def.cases.map(({ name, type }) => {
		const val = type === undefined ? "" : `; val${isOmittable(type, direction) ? "?" : ""}: ${guestType(type, direction, scope)}`;
		return `{ tag: ${JSON.stringify(name)}${val} }`;
	});
	return `${union(`export type ${typeName(def)} =`, cases, 1)}\n`;
}

function enumText(def: EnumDef): string {
	return `${union(
		`export type ${typeName(def)} =`,
		def.cases.map((item) => JSON.stringify(item.name)),
		1,
	)}\n`;
}

function flagsText(def: FlagsDef, direction: Direction): string {
	const mark = direction === "received" ? "" : "?";
	const flags = def.flags.map(
		(flag) => `${docComment(docText(flag), 2)}\t\t${camelCase(flag.name)}${mark}: boolean${mark && " | undefined"};\n`,
	);
	return `\texport interface ${typeName(def)} {\n${flags.join("")}\t}\n`;
}

function classText(def: ResourceDef, scope: GuestScope): string {
	const opening = def.constructorFunc;
	const first =
		opening === undefined
			? "\t\tprivate constructor();\n"
			: `${functionDoc(opening, 2, scope)}\t\t${delimited("constructor(", parameters(opening, "sent", scope), ");", 2)}\n`;
	const functions = def.functions.map((func) => {
		const head = `${func.kind === "static" ? "static " : ""}${camelCase(func.name)}(`;
		return `${functionDoc(func, 2, scope)}\t\t${delimited(head, parameters(func, "sent", scope), `): ${returned(func, "received", scope)};`, 2)}\n`;
	});
	const drop = `${docComment("Drops the handle. Nothing but this, again, may be done with it afterwards.", 2)}\t\t[Symbol.dispose](): void;\n`;
	const name = typeName(def);
	const text = `class ${name} {\n${[first, ...functions, drop].join("\n")}\t}\n`;
	return name === resourceClass(def) ? `\texport ${text}` : `\t${text}\n\texport { ${name} as ${resourceClass(def)} };\n`;
}
