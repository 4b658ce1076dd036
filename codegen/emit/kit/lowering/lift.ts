/** Lifting: expressions that make the lifted form of a value from memory, and the functions that they call. */

import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { EnumDef, FlagsDef, RecordDef, ResourceDef, TypeRef } from "../../../model/model.ts";
import { camelCase, pascalCase } from "../../../model/names/spelling.ts";
import { delimited, LINE_WIDTH, visualWidth } from "../layout.ts";
import { block, type Expression, inline, layout } from "./code.ts";
import { describe, identity } from "./key.ts";
import {
	type Alternative,
	alternativesOf,
	discriminantSize,
	layoutOf,
	offsetsOf,
	payloadOffset,
	type ResolvedType,
	resolved,
} from "./layout.ts";
import type { LoweringModule, Written } from "./module.ts";
import { typeName } from "./names.ts";
import { elementType, listClass, typeText } from "./type-text.ts";
import { enumCases, enumSize, place, readPrimitive, readUnsigned, sizeOf } from "./values.ts";

/** The file that is written, and how it treats borrowed handles. */
export interface Lifting {
	readonly module: LoweringModule;
	/** True in functions that also take handles away: a handle that is lent to the call cannot be taken by the same call. */
	readonly lends: boolean;
}

/** A value at `base + offset`. */
export function liftMemory(type: TypeRef, base: string, offset: number, lifting: Lifting): Expression {
	const target = resolved(type);
	const at = place(base, offset);
	switch (target.kind) {
		case "primitive":
			return readPrimitive(target.name, base, offset);
		case "handle":
			return liftHandle(target, readUnsigned(4, at), lifting);
		case "list":
			return liftList(target, readUnsigned(4, at), readUnsigned(4, place(base, offset + 4)), lifting);
		case "option":
			if (!isInlineOption(target)) break;
			return {
				condition: `context.isSome(${readUnsigned(1, at)})`,
				some: liftMemory(target.some, base, offset + payloadOffset(alternativesOf(target) ?? []), lifting),
				other: "undefined",
			};
		case "named":
			if (target.def.kind === "enum") return liftEnum(target.def, readUnsigned(enumSize(target.def), at), lifting);
			if (target.def.kind === "flags") return `${liftFlagsFunction(target.def, lifting.module)}(${readUnsigned(sizeOf(target), at)})`;
	}
	return `${liftFunction(target, lifting)}(context, ${at})`;
}

/** True if an option needs no function of its own. */
export function isInlineOption(type: Extract<TypeRef, { kind: "option" }>): boolean {
	const some = resolved(type.some).kind;
	return some === "primitive" || some === "handle" || some === "list" || some === "named";
}

export function liftHandle(type: Extract<TypeRef, { kind: "handle" }>, index: string, { module, lends }: Lifting): string {
	const resource = module.resource(type.def);
	if (module.isOfGuest(type.def)) return `context.guest.exported.take(context, ${index}, ${resource})`;
	if (type.mode === "own") return `context.component.take(${index}, ${resource})`;
	return lends ? `context.lend(${index}, ${resource})` : `context.component.get(${index}, ${resource})`;
}

export function liftEnum(def: EnumDef, index: string, { module }: Lifting): string {
	return `context.caseOf(${enumCases(def, module)}, ${index})`;
}

/** A list from its address and length. */
export function liftList(type: Extract<TypeRef, { kind: "list" }>, pointer: string, length: string, lifting: Lifting): Expression {
	const vector = listClass(type);
	if (vector === "Uint8Array") return `context.octets(${pointer}, ${length})`;
	if (vector !== undefined) return `new ${vector}(context.numbers(${pointer}, ${length}, ${sizeOf(type.element)}))`;
	return { open: `${liftListFunction(type, lifting)}(`, items: ["context", pointer, length], close: ")" };
}

/** The suffix for the name of a type's functions. Functions that lend handles are functions of their own. */
export function variantOf(type: TypeRef, { lends }: Lifting): { readonly suffix: string; readonly lifting: boolean } {
	const lending = lends && borrows(type);
	return { suffix: lending ? "Lending" : "", lifting: lending };
}

/** True if values of a type hold borrowed handles. */
export function borrows(type: TypeRef): boolean {
	return handleModes(type).has("borrow");
}

/** Modes of the handles anywhere in the values of a type. */
export function handleModes(type: TypeRef | undefined, found = new Set<ResourceDef | "own" | "borrow">()): ReadonlySet<unknown> {
	if (type === undefined) return found;
	const target = resolved(type);
	if (target.kind === "handle") found.add(target.mode);
	else for (const part of partsOf(target)) handleModes(part, found);
	return found;
}

function partsOf(type: ResolvedType): readonly TypeRef[] {
	if (type.kind === "list") return [type.element];
	if (type.kind === "tuple") return type.items;
	if (type.kind === "named" && type.def.kind === "record") return type.def.fields.map((field) => field.type);
	return (alternativesOf(type) ?? []).flatMap((each) => (each.type === undefined ? [] : [each.type]));
}

function liftListFunction(type: Extract<TypeRef, { kind: "list" }>, lifting: Lifting): string {
	const { module } = lifting;
	const { suffix, lifting: lends } = variantOf(type, lifting);
	return module.declare(`lift-list${suffix} ${identity(type.element)}`, "functions", `lift${typeName(type)}${suffix}`, (name) => {
		const { size, alignment } = layoutOf(type.element);
		const element = elementType(type.element, module);
		const value = liftMemory(type.element, "at", 0, { module, lends });
		const body = [
			...(usesView([value]) ? ["const { view } = context;"] : []),
			`const values: ${element}[] = [];`,
			`let at = context.elements(pointer, count, ${size}, ${alignment});`,
			loop(`for (let index = 0; index < count; index += 1, at += ${size})`, value),
			"return values;",
		];
		const params = [`context: ${module.runtimeType("CallContext")}`, "pointer: number", "count: number"];
		const head = `${delimited(`function ${name}(`, params, `): ${element}[] {`, 0)}\n`;
		return { doc: `Lifts ${describe(type)}.`, text: `${head}${block(body, 1)}}\n` };
	});
}

/** A loop that collects values, on one line where it fits. */
function loop(head: string, value: Expression): string {
	const line = `${head} values.push(${inline(value)});`;
	if (visualWidth(`\t${line}`) <= LINE_WIDTH) return line;
	return `${head}\n\t\t${delimited("values.push(", [layout("", value, "", 3)], ");", 2)}`;
}

/** The function that lifts a record, variant, tuple, result or option from memory. */
function liftFunction(type: ResolvedType, lifting: Lifting): string {
	const { suffix, lifting: lends } = variantOf(type, lifting);
	const write = (module: LoweringModule, name: string): Written => {
		const body = liftBody(type, { module, lends });
		const params = [`context: ${module.runtimeType("CallContext")}`, "at: number"];
		const head = `${delimited(`function ${name}(`, params, `): ${typeText(type, module)} {`, 0)}\n`;
		return {
			doc: `Lifts ${describe(type)} from memory.`,
			text: `${head}${body.includes("view.") ? "\tconst { view } = context;\n" : ""}${body}}\n`,
		};
	};
	const wanted = `lift${typeName(type)}${suffix}`;
	if (type.kind === "named") return lifting.module.declareAt(type.def, `lift${suffix}`, "functions", wanted, write);
	return lifting.module.declare(`lift${suffix} ${identity(type)}`, "functions", wanted, (name) => write(lifting.module, name));
}

function liftBody(type: ResolvedType, lifting: Lifting): string {
	if (type.kind === "tuple") {
		const offsets = offsetsOf(type.items);
		const items = type.items.map((item, index) => layout("", liftMemory(item, "at", offsets[index] ?? 0, lifting), "", 2));
		return `\t${delimited("return [", items, "];", 1)}\n`;
	}
	if (type.kind === "named" && type.def.kind === "record") return recordBody(type.def, lifting);
	return alternativesBody(type, alternativesOf(type) ?? [], lifting);
}

function recordBody({ fields }: RecordDef, lifting: Lifting): string {
	const offsets = offsetsOf(fields.map((field) => field.type));
	const members = fields.map(({ name, type }, index) => {
		return layout(`${camelCase(name)}: `, liftMemory(type, "at", offsets[index] ?? 0, lifting), "", 2);
	});
	return `\t${delimited("return {", members, "};", 1, " ")}\n`;
}

function alternativesBody(type: ResolvedType, alternatives: readonly Alternative[], lifting: Lifting): string {
	const tag = readUnsigned(discriminantSize(alternatives.length), "at");
	const offset = payloadOffset(alternatives);
	const payloads = alternatives.map((each) => each.type && liftMemory(each.type, "at", offset, lifting));
	return switchBody(tag, type, alternatives, payloads);
}

/** `switch` over a discriminant. `payloads` are those of the alternatives. */
export function switchBody(
	tag: string,
	type: ResolvedType,
	alternatives: readonly Alternative[],
	payloads: readonly (Expression | undefined)[],
): string {
	const cases = alternatives.flatMap(({ name }, index) => [`case ${index}:`, `\t${alternative(type, name, payloads[index])}`]);
	return block(
		[
			`switch (${tag}) {`,
			...cases.map((line) => `\t${line}`),
			"\tdefault:",
			`\t\tthrow context.invalidCase(${tag}, ${alternatives.length});`,
			"}",
		],
		1,
	);
}

/** `return` of one alternative. An option is `undefined` or its value, unless the value is an option too. */
function alternative(type: ResolvedType, name: string, payload: Expression | undefined): string {
	if (type.kind === "option" && !isNestedOption(type))
		return payload === undefined ? "return undefined;" : layout("return ", payload, ";", 3);
	const isPlain = type.kind === "named" && payload === undefined;
	if (isPlain) return `return { tag: ${JSON.stringify(name)} };`;
	return layoutTagged(name, payload ?? "undefined");
}

function layoutTagged(name: string, payload: Expression): string {
	return delimited("return {", [`tag: ${JSON.stringify(name)}`, layout("val: ", payload, "", 4)], "};", 3, " ");
}

/** The function that lifts flags from their bits. */
export function liftFlagsFunction(def: FlagsDef, module: LoweringModule): string {
	return module.declareAt(def, "lift", "functions", `lift${pascalCase(def.name)}`, (owner, name) => {
		const members = def.flags.map((flag, index) => `${camelCase(flag.name)}: (bits & ${mask(index)}) !== 0`);
		return {
			doc: `Lifts the flags \`${def.name}\` from their bits.`,
			text: `function ${name}(bits: number): ${owner.shape(def)} {\n\t${delimited("return {", members, "};", 1, " ")}\n}\n`,
		};
	});
}

/** The bit of a flag. */
export function mask(index: number): string {
	return `0x${(2 ** index).toString(16)}`;
}

export function usesView(expressions: readonly Expression[]): boolean {
	return expressions.some((each) => inline(each).includes("view."));
}
