/** Functions: parameters, results, and what may not stand where. */
import type { Func, Gates, Param, ResourceDef, TypeDef, TypeRef } from "../model/model.ts";
import { readDocs } from "./docs.ts";
import { NameSpace } from "./name-space.ts";
import { isUnknownType, resolveTypeExpr } from "./resolve-type-expr.ts";
import type { TypeResolver } from "./resolve-types.ts";
import type { FuncType, Name, Range, TypeExpr } from "./syntax.ts";
import type { TypeUser } from "./type-lookup.ts";

/** The parts of a function apart from its type. */
export interface FuncHead {
	readonly kind: Func["kind"];
	readonly name: Name;
	readonly docs: readonly Range[];
	readonly gates: Gates;
	readonly resource?: ResourceDef;
}

export function resolveFunction(resolver: TypeResolver, user: TypeUser, head: FuncHead, type: FuncType): Func {
	const { file } = user.types;
	const params = resolveParams(resolver, user, head, type);
	const result = type.result && resolveTypeExpr(resolver, user, type.result);
	if (head.kind === "constructor" && head.resource && type.result && result && !isUnknownType(result)) {
		checkConstructorResult(resolver, user, type.result, result, head.resource);
	}
	if (type.result !== undefined && result !== undefined && containsBorrow(result)) {
		resolver.context.error("borrow-in-result", file, type.result, `the result of \`${head.name.text}\` contains a borrowed handle`, {
			help: "a borrow lasts only for the call: return an owned handle, or data instead",
		});
	}
	return {
		kind: head.kind,
		name: head.name.text,
		docs: readDocs(file.file.source, head.docs),
		gates: head.gates,
		span: resolver.context.span(file, head.name),
		async: type.async,
		params,
		...(result === undefined ? {} : { result }),
		...(head.resource === undefined ? {} : { resource: head.resource }),
	};
}

function resolveParams(resolver: TypeResolver, user: TypeUser, head: FuncHead, type: FuncType): Param[] {
	const { file } = user.types;
	const names = new NameSpace(resolver.context, `in the parameters of \`${head.name.text}\``);
	return type.params.map((param) => {
		names.declare(file, param.name);
		if (head.kind === "method" && param.name.text.toLowerCase() === "self") {
			resolver.context.error("duplicate-name", file, param.name, "every method has a parameter `self` already", {
				help: "give this parameter another name",
			});
		}
		const span = resolver.context.span(file, param.name);
		return { name: param.name.text, type: resolveTypeExpr(resolver, user, param.type), span };
	});
}

/** A constructor returns its resource, which is not written, or a result of it. */
function checkConstructorResult(resolver: TypeResolver, user: TypeUser, expr: TypeExpr, result: TypeRef, resource: ResourceDef): void {
	let type = result;
	while (type.kind === "named" && type.def.kind === "alias") {
		type = type.def.type;
	}
	const ok = type.kind === "result" ? type.ok : undefined;
	if (ok?.kind === "handle" && ok.mode === "own" && ok.def === resource) {
		return;
	}
	const form = `\`-> result<${resource.name}, …>\``;
	const message = `a constructor of \`${resource.name}\` can only return ${form}`;
	resolver.context.error("constructor-result", user.types.file, expr, message, {
		help: "leave the result out if construction cannot fail, or make this a static function",
	});
}

const knownDefs = new WeakMap<TypeDef, boolean>();

/** True if a value of the type carries a borrowed handle, at any depth. */
export function containsBorrow(type: TypeRef): boolean {
	switch (type.kind) {
		case "primitive":
			return false;
		case "handle":
			return type.mode === "borrow";
		case "named":
			return defContainsBorrow(type.def);
		default:
			return innerTypes(type).some(containsBorrow);
	}
}

function defContainsBorrow(def: TypeDef): boolean {
	const known = knownDefs.get(def);
	if (known !== undefined) {
		return known;
	}
	const found = partsOf(def).some(containsBorrow);
	knownDefs.set(def, found);
	return found;
}

function partsOf(def: TypeDef): readonly TypeRef[] {
	switch (def.kind) {
		case "alias":
			return [def.type];
		case "record":
			return def.fields.map((field) => field.type);
		case "variant":
			return def.cases.flatMap((each) => each.type ?? []);
		default:
			return [];
	}
}

function innerTypes(type: Exclude<TypeRef, { kind: "primitive" | "named" | "handle" }>): readonly TypeRef[] {
	switch (type.kind) {
		case "list":
			return [type.element];
		case "map":
			return [type.key, type.value];
		case "option":
			return [type.some];
		case "result":
			return [type.ok, type.err].filter((each) => each !== undefined);
		case "tuple":
			return type.items;
		case "stream":
		case "future":
			return type.element === undefined ? [] : [type.element];
	}
}
