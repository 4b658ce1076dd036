/** Lowering to core values: single results of functions of the host, and arguments of functions of the guest. */
import type { TypeRef } from "../../../model/model.ts";
import type { NameScope } from "../../../model/names/name-scope.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { alternativesOf, type CoreType, layoutOf, type ResolvedType, resolved } from "./layout.ts";
import type { LoweringModule } from "./module.ts";
import { allocListFunction, branch, lowerEnum, lowerFlagsFunction, lowerHandle, optionParts, switchLines } from "./store.ts";
import { listClass } from "./type-text.ts";
import { coreOfPrimitive, toJoined } from "./values.ts";

export interface Flattened {
	/** Statements to run before the core values are used. */
	readonly lines: readonly string[];
	/** Expressions of the core values. */
	readonly core: readonly string[];
}

export interface Flattening {
	readonly module: LoweringModule;
	/** Names of the function that the statements stand in. */
	readonly names: NameScope;
}

/** The core values of `value`. `name` begins the names of variables. */
export function lowerFlat(type: TypeRef, value: string, name: string, flattening: Flattening): Flattened {
	const { module, names } = flattening;
	const target = resolved(type);
	switch (target.kind) {
		case "primitive": {
			if (target.name === "string") return pointerAndLength(`context.allocText(${value})`, "context.length", name, names);
			return { lines: [], core: [coreOfPrimitive(target.name, value, module)] };
		}
		case "list":
			if (listClass(target) !== undefined) return pointerAndLength(`context.allocNumbers(${value})`, "context.length", name, names);
			return pointerAndLength(`${allocListFunction(target, module)}(context, ${value})`, `${value}.length`, name, names);
		case "handle":
			return { lines: [], core: [lowerHandle(target, value, module)] };
		case "tuple":
			return together(target.items.map((item, index) => lowerFlat(item, `${value}[${index}]`, `${name}${index}`, flattening)));
		case "named": {
			const { def } = target;
			if (def.kind === "enum") return { lines: [], core: [lowerEnum(def, value, module)] };
			if (def.kind === "flags") return { lines: [], core: [`${lowerFlagsFunction(def, module)}(${value})`] };
			if (def.kind === "record")
				return together(def.fields.map((field) => lowerFlat(field.type, `${value}.${camelCase(field.name)}`, name, flattening)));
		}
	}
	return lowerAlternatives(target, value, name, flattening);
}

function together(parts: readonly Flattened[]): Flattened {
	return { lines: parts.flatMap((each) => each.lines), core: parts.flatMap((each) => each.core) };
}

function pointerAndLength(allocation: string, size: string, name: string, names: NameScope): Flattened {
	const pointer = names.take(`${name}Pointer`);
	const length = names.take(`${name}Length`);
	return { lines: [`const ${pointer} = ${allocation};`, `const ${length} = ${size};`], core: [pointer, length] };
}

function lowerAlternatives(type: ResolvedType, value: string, name: string, flattening: Flattening): Flattened {
	const { module, names } = flattening;
	const { flat } = layoutOf(type);
	const variables = flat.map((_, index) => names.take(index === 0 ? `${name}Case` : `${name}Payload${index - 1}`));
	const declared = variables.map((variable, index) => `let ${variable} = ${flat[index] === "i64" ? "0n" : "0"};`);
	const assign = (index: number, payload: TypeRef | undefined, of: string): string[] => {
		const part = payload === undefined ? { lines: [], core: [] } : lowerFlat(payload, of, name, flattening);
		const own: readonly CoreType[] = payload === undefined ? [] : layoutOf(payload).flat;
		const assigned = part.core.map((core, at) => {
			return `${variables[at + 1]} = ${toJoined(core, own[at] ?? "i32", flat[at + 1] ?? "i32", module)};`;
		});
		return [...(index === 0 ? [] : [`${variables[0]} = ${index};`]), ...part.lines, ...assigned];
	};
	return { lines: [...declared, ...alternativeLines(type, value, assign, module)], core: variables };
}

function alternativeLines(
	type: ResolvedType,
	value: string,
	assign: (index: number, payload: TypeRef | undefined, of: string) => string[],
	module: LoweringModule,
): string[] {
	if (type.kind === "option") {
		const [absent, some] = optionParts(type, value);
		return withoutEmpty(absent.replace(" === ", " !== "), assign(1, type.some, some), []);
	}
	if (type.kind === "result") {
		const ok = assign(0, type.ok, `${value}.val`);
		const err = assign(1, type.err, `${value}.val`);
		if (ok.length === 0) return withoutEmpty(`${value}.tag === "err"`, err, []);
		return withoutEmpty(`${value}.tag === "ok"`, ok, err);
	}
	const cases = (alternativesOf(type) ?? []).map((each, index) => ({ name: each.name, lines: assign(index, each.type, `${value}.val`) }));
	return switchLines(value, cases, module);
}

function withoutEmpty(condition: string, first: readonly string[], second: readonly string[]): string[] {
	if (second.length > 0) return branch(condition, first, second);
	return [`if (${condition}) {`, ...first.map((line) => `\t${line}`), "}"];
}
