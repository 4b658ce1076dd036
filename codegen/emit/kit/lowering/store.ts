/** Lowering to memory: statements that write a value to its place, and the functions that they call. */

import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { EnumDef, FlagsDef, TypeRef } from "../../../model/model.ts";
import { camelCase, pascalCase } from "../../../model/names/spelling.ts";
import { delimited, LINE_WIDTH, visualWidth } from "../layout.ts";
import { block } from "./code.ts";
import { describe, identity } from "./key.ts";
import { alternativesOf, discriminantSize, layoutOf, offsetsOf, type PlainDef, payloadOffset, resolved } from "./layout.ts";
import { mask } from "./lift.ts";
import type { LoweringModule } from "./module.ts";
import { typeName } from "./names.ts";
import { elementType, listClass } from "./type-text.ts";
import { enumIndexes, enumSize, place, sizeOf, writePrimitive, writeUnsigned } from "./values.ts";

/** Lines that write the value of an expression to `base + offset`. The expression is evaluated several times. */
export function storeLines(type: TypeRef, base: string, offset: number, value: string, module: LoweringModule): string[] {
	const target = resolved(type);
	const at = place(base, offset);
	switch (target.kind) {
		case "primitive":
			return [writePrimitive(target.name, at, value, module)];
		case "handle":
			return [writeUnsigned(4, at, lowerHandle(target, value, module))];
		case "list":
			if (listClass(target) !== undefined) return [`context.putNumbers(${at}, ${value});`];
			return [`context.putList(${at}, ${allocListFunction(target, module)}(context, ${value}), ${value}.length);`];
		case "tuple": {
			const offsets = offsetsOf(target.items);
			return target.items.flatMap((item, index) => storeLines(item, base, offset + (offsets[index] ?? 0), `${value}[${index}]`, module));
		}
		case "option": {
			const [absent, some] = optionParts(target, value);
			const payload = storeLines(target.some, base, offset + payloadOffset(alternativesOf(target) ?? []), some, module);
			return branch(absent, [writeUnsigned(1, at, "0")], [writeUnsigned(1, at, "1"), ...payload]);
		}
		case "result": {
			const start = offset + payloadOffset(alternativesOf(target) ?? []);
			const side = (part: TypeRef | undefined): string[] =>
				part === undefined ? [] : storeLines(part, base, start, `${value}.val`, module);
			if (target.ok === undefined && target.err === undefined) return [writeUnsigned(1, at, `${value}.tag === "ok" ? 0 : 1`)];
			return branch(
				`${value}.tag === "ok"`,
				[writeUnsigned(1, at, "0"), ...side(target.ok)],
				[writeUnsigned(1, at, "1"), ...side(target.err)],
			);
		}
		case "named":
			if (target.def.kind === "enum") return [writeUnsigned(enumSize(target.def), at, lowerEnum(target.def, value, module))];
			if (target.def.kind === "flags") return [writeUnsigned(sizeOf(target), at, `${lowerFlagsFunction(target.def, module)}(${value})`)];
			return [`${storeFunction(target.def, module)}(context, ${at}, ${value});`];
		default:
			return [];
	}
}

/** The condition of an absent value, and the expression of a present one. */
export function optionParts(type: Extract<TypeRef, { kind: "option" }>, value: string): [absent: string, some: string] {
	return isNestedOption(type) ? [`${value}.tag === "none"`, `${value}.val`] : [`${value} === undefined`, value];
}

export function branch(condition: string, first: readonly string[], second: readonly string[]): string[] {
	const indented = (lines: readonly string[]): string[] => lines.map((line) => `\t${line}`);
	return [`if (${condition}) {`, ...indented(first), "} else {", ...indented(second), "}"];
}

export function lowerHandle(type: Extract<TypeRef, { kind: "handle" }>, value: string, module: LoweringModule): string {
	const resource = module.resource(type.def);
	if (module.isOfGuest(type.def)) return `context.guest.exported.${type.mode === "own" ? "give" : "lend"}(context, ${value}, ${resource})`;
	const add = type.mode === "own" ? "add" : "addBorrow";
	return `context.component.${add}(${resource}, ${value})`;
}

export function lowerEnum(def: EnumDef, value: string, module: LoweringModule): string {
	return `${module.runtimeValue("indexOfCase")}(${enumIndexes(def, module)}, ${value})`;
}

/** The function that makes the bits of flags. */
export function lowerFlagsFunction(def: FlagsDef, module: LoweringModule): string {
	return module.declareAt(def, "lower", "functions", `lower${pascalCase(def.name)}`, (owner, name) => {
		const bits = def.flags.map((flag, index) => `(value.${camelCase(flag.name)} ? ${mask(index)} : 0)`);
		const line = bits.length === 1 ? `return ${bits.join("").slice(1, -1)};` : `return ${bits.join(" | ")};`;
		const body =
			visualWidth(`\t${line}`) <= LINE_WIDTH
				? [line]
				: ["return (", ...bits.map((bit, index) => `\t${bit}${index === bits.length - 1 ? "" : " |"}`), ");"];
		return {
			doc: `Lowers the flags \`${def.name}\` to their bits.`,
			text: `function ${name}(value: ${owner.shape(def)}): number {\n${block(body, 1)}}\n`,
		};
	});
}

/** The function that allocates and writes a list whose elements are no numbers. Returns its address. */
export function allocListFunction(type: Extract<TypeRef, { kind: "list" }>, module: LoweringModule): string {
	return module.declare(`alloc-list ${identity(type.element)}`, "functions", `alloc${typeName(type)}`, (name) => {
		const { size, alignment } = layoutOf(type.element);
		const body = [
			`const pointer = context.allocList(${alignment}, ${size}, values.length);`,
			"let at = pointer;",
			"for (const value of values) {",
			...[...storeLines(type.element, "at", 0, "value", module), `at += ${size};`].map((line) => `\t${line}`),
			"}",
			"return pointer;",
		];
		const params = [`context: ${module.runtimeType("CallContext")}`, `values: readonly ${elementType(type.element, module)}[]`];
		const doc = `Allocates and stores ${describe(type)}. Returns its address.`;
		return { doc, text: `${delimited(`function ${name}(`, params, "): number {", 0)}\n${block(body, 1)}}\n` };
	});
}

/** The function that writes a record or variant. */
function storeFunction(def: PlainDef, module: LoweringModule): string {
	return module.declareAt(def, "store", "functions", `store${pascalCase(def.name)}`, (owner, name) => {
		const params = [`context: ${owner.runtimeType("CallContext")}`, "at: number", `value: ${owner.shape(def)}`];
		const doc = `Stores \`${def.name}\` to memory.`;
		return { doc, text: `${delimited(`function ${name}(`, params, "): void {", 0)}\n${block(storeBody(def, owner), 1)}}\n` };
	});
}

function storeBody(def: PlainDef, module: LoweringModule): string[] {
	if (def.kind === "record") {
		const offsets = offsetsOf(def.fields.map((field) => field.type));
		return def.fields.flatMap((field, index) =>
			storeLines(field.type, "at", offsets[index] ?? 0, `value.${camelCase(field.name)}`, module),
		);
	}
	if (def.kind !== "variant") return [];
	const offset = payloadOffset(def.cases.map(({ name, type }) => ({ name, type })));
	const size = discriminantSize(def.cases.length);
	const cases = def.cases.map(({ name, type }, index) => ({
		name,
		lines: [writeUnsigned(size, "at", String(index)), ...(type === undefined ? [] : storeLines(type, "at", offset, "value.val", module))],
	}));
	return switchLines("value", cases, module);
}

/** `switch` over the tag of a value in WIT shape. */
export function switchLines(
	value: string,
	cases: readonly { readonly name: string; readonly lines: readonly string[] }[],
	module: LoweringModule,
): string[] {
	const inner = cases.flatMap(({ name, lines }) => {
		const braces = lines.some((line) => /^(?:const|let) /.test(line));
		const body = [...lines, "break;"].map((line) => `\t${line}`);
		return [`case ${JSON.stringify(name)}:${braces ? " {" : ""}`, ...body, ...(braces ? ["}"] : [])];
	});
	const otherwise = ["default:", `\tthrow ${module.runtimeValue("unknownCase")}(${value});`];
	return [`switch (${value}.tag) {`, ...[...inner, ...otherwise].map((line) => `\t${line}`), "}"];
}
