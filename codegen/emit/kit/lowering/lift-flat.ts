/** Lifting from core values: the arguments of functions with few parameters. */
import type { RecordDef, TypeRef } from "../../../model/model.ts";
import type { NameScope } from "../../../model/names/name-scope.ts";
import { camelCase, pascalCase } from "../../../model/names/spelling.ts";
import { delimited } from "../layout.ts";
import { type Expression, layout } from "./code.ts";
import { describe, identity } from "./key.ts";
import { alternativesOf, layoutOf, type ResolvedType, resolved } from "./layout.ts";
import { isInlineOption, type Lifting, liftEnum, liftFlagsFunction, liftHandle, liftList, switchBody, variantOf } from "./lift.ts";
import type { LoweringModule, Written } from "./module.ts";
import { LocalNames, typeName } from "./names.ts";
import { typeText } from "./type-text.ts";
import { coreTypeText, fromJoined, isOwnCoreValue, primitiveOfCore } from "./values.ts";

/** Names of the core values that carry a parameter. */
export function flatNames(type: TypeRef, name: string, names: NameScope): string[] {
	const target = resolved(type);
	switch (target.kind) {
		case "primitive":
			if (target.name === "string") return [names.take(`${name}Pointer`), names.take(`${name}Length`)];
			return [names.take(isOwnCoreValue(target) ? name : `${name}Value`)];
		case "list":
			return [names.take(`${name}Pointer`), names.take(`${name}Length`)];
		case "handle":
			return [names.take(`${name}Handle`)];
		case "tuple":
			return target.items.flatMap((item, index) => flatNames(item, `${name}${index}`, names));
		case "named":
			if (target.def.kind === "record")
				return target.def.fields.flatMap((field) => flatNames(field.type, `${name}${pascalCase(field.name)}`, names));
			if (target.def.kind !== "variant") return [names.take(`${name}Value`)];
	}
	const [, ...payload] = layoutOf(target).flat;
	return [names.take(`${name}Case`), ...payload.map((_, index) => names.take(`${name}Payload${index}`))];
}

/** The value that the core values `flat` carry. */
export function liftFlat(type: TypeRef, flat: readonly string[], lifting: Lifting): Expression {
	const target = resolved(type);
	const [first = "", second = ""] = flat;
	switch (target.kind) {
		case "primitive":
			if (target.name === "string") return `context.text(${unsigned(first)}, ${unsigned(second)})`;
			return primitiveOfCore(target.name, first);
		case "handle":
			return liftHandle(target, first, lifting);
		case "list":
			return liftList(target, unsigned(first), unsigned(second), lifting);
		case "option": {
			if (!isInlineOption(target)) break;
			const some = liftFlat(target.some, joinedAs(target.some, flat.slice(1), layoutOf(target).flat.slice(1), lifting), lifting);
			return { condition: `context.isSome(${first})`, some, other: "undefined" };
		}
		case "named":
			if (target.def.kind === "enum") return liftEnum(target.def, unsigned(first), lifting);
			if (target.def.kind === "flags") return `${liftFlagsFunction(target.def, lifting.module)}(${first})`;
	}
	return { open: `${liftFlatFunction(target, lifting)}(`, items: ["context", ...flat], close: ")" };
}

function unsigned(core: string): string {
	return `${core} >>> 0`;
}

/** The core values of one alternative, from the joined ones. */
function joinedAs(type: TypeRef, flat: readonly string[], joined: ReturnType<typeof layoutOf>["flat"], { module }: Lifting): string[] {
	return layoutOf(type).flat.map((wanted, index) => fromJoined(flat[index] ?? "", joined[index] ?? wanted, wanted, module));
}

function liftFlatFunction(type: ResolvedType, lifting: Lifting): string {
	const { suffix, lifting: lends } = variantOf(type, lifting);
	const write = (module: LoweringModule, name: string): Written => {
		const names = new LocalNames(module.otherAliases);
		const { flat } = layoutOf(type);
		const alternatives = alternativesOf(type);
		const params =
			alternatives === undefined
				? partNames(type, names)
				: flat.map((_, index) => (index === 0 ? "tag" : names.take(`payload${index - 1}`)));
		const typed = params.map((param, index) => `${param}: ${coreTypeText(flat[index] ?? "i32")}`);
		const body = flatBody(type, params, { module, lends });
		const context = `${/\bcontext[.,]/.test(body) ? "" : "_"}context: ${module.runtimeType("CallContext")}`;
		const head = delimited(`function ${name}(`, [context, ...typed], `): ${typeText(type, module)} {`, 0);
		return { doc: `Lifts ${describe(type)} from core values.`, text: `${head}\n${body}}\n` };
	};
	const wanted = `liftFlat${typeName(type)}${suffix}`;
	if (type.kind === "named") return lifting.module.declareAt(type.def, `lift-flat${suffix}`, "functions", wanted, write);
	return lifting.module.declare(`lift-flat${suffix} ${identity(type)}`, "functions", wanted, (name) => write(lifting.module, name));
}

function partNames(type: ResolvedType, names: NameScope): string[] {
	if (type.kind === "tuple") return type.items.flatMap((item, index) => flatNames(item, `item${index}`, names));
	return recordOf(type).fields.flatMap((field) => flatNames(field.type, camelCase(field.name), names));
}

function recordOf(type: ResolvedType): RecordDef {
	if (type.kind === "named" && type.def.kind === "record") return type.def;
	throw new TypeError(`a ${type.kind} has no fields`);
}

function flatBody(type: ResolvedType, params: readonly string[], lifting: Lifting): string {
	const alternatives = alternativesOf(type);
	if (alternatives !== undefined) {
		const joined = layoutOf(type).flat.slice(1);
		const payloads = alternatives.map(
			(each) => each.type && liftFlat(each.type, joinedAs(each.type, params.slice(1), joined, lifting), lifting),
		);
		return switchBody("tag", type, alternatives, payloads);
	}
	const parts =
		type.kind === "tuple"
			? type.items.map((item) => ({ head: "", type: item }))
			: recordOf(type).fields.map((field) => ({ head: `${camelCase(field.name)}: `, type: field.type }));
	let next = 0;
	const items = parts.map((part) => {
		const end = next + layoutOf(part.type).flat.length;
		const value = liftFlat(part.type, params.slice(next, end), lifting);
		next = end;
		return layout(part.head, value, "", 2);
	});
	return `\t${type.kind === "tuple" ? delimited("return [", items, "];", 1) : delimited("return {", items, "};", 1, " ")}\n`;
}
