/** Types without a name: what stands after a colon, in angle brackets, or after an arrow. */
import type { PrimitiveName, ResourceDef, Span, TypeDef, TypeRef } from "../model/model.ts";
import type { Literal, Name, TypeExpr } from "./syntax.ts";
import type { TypeLookup, TypeUser } from "./type-lookup.ts";

export const PRIMITIVES: ReadonlyMap<string, PrimitiveName> = new Map(
	(["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string", "error-context"] as const).map((name) => [
		name,
		name,
	]),
);
const KEY_PRIMITIVES: ReadonlySet<string> = new Set("bool u8 u16 u32 u64 s8 s16 s32 s64 char string".split(" "));
const MAX_LIST_LENGTH = 2 ** 32 - 1;

const unknownTypes = new WeakSet<TypeRef>();

/** Stands in for a type that could not be resolved. Never part of a model that is handed out: there was an error. */
export function unknownType(span: Span): TypeRef {
	const type: TypeRef = { kind: "primitive", name: "bool", span };
	unknownTypes.add(type);
	return type;
}

export function isUnknownType(type: TypeRef): boolean {
	return unknownTypes.has(type);
}

export function resolveTypeExpr(lookup: TypeLookup, user: TypeUser, expr: TypeExpr): TypeRef {
	const span = lookup.context.span(user.types.file, expr);
	const inner = (each: TypeExpr) => resolveTypeExpr(lookup, user, each);
	switch (expr.kind) {
		case "primitive": {
			const name = PRIMITIVES.get(expr.name);
			return name === undefined ? unknownType(span) : { kind: "primitive", name, span };
		}
		case "list": {
			const element = inner(expr.element);
			const length = expr.length && fixedLength(lookup, user, expr.length);
			return length === undefined ? { kind: "list", element, span } : { kind: "list", element, length, span };
		}
		case "map": {
			const key = inner(expr.key);
			checkMapKey(lookup, user, expr.key, key);
			return { kind: "map", key, value: inner(expr.value), span };
		}
		case "option":
			return { kind: "option", some: inner(expr.some), span };
		case "result":
			return {
				kind: "result",
				...(expr.ok === undefined ? {} : { ok: inner(expr.ok) }),
				...(expr.err === undefined ? {} : { err: inner(expr.err) }),
				span,
			};
		case "tuple":
			if (expr.items.length === 0) {
				lookup.context.error("empty-type", user.types.file, expr, "a tuple needs at least one type");
			}
			return { kind: "tuple", items: expr.items.map(inner), span };
		case "stream":
		case "future":
			if (expr.kind === "stream" && expr.element?.kind === "primitive" && expr.element.name === "char") {
				lookup.context.error("invalid-stream-element", user.types.file, expr.element, "a stream cannot carry `char`", {
					help: "use `stream<u8>` with an encoding agreed on",
				});
			}
			return { kind: expr.kind, ...(expr.element === undefined ? {} : { element: inner(expr.element) }), span };
		case "own":
		case "borrow": {
			const def = findResource(lookup, user, expr.resource);
			return def === undefined ? unknownType(span) : { kind: "handle", mode: expr.kind, def, span };
		}
		case "name": {
			const def = lookup.find(user, expr.name);
			return def === undefined ? unknownType(span) : reference(def, span);
		}
	}
}

/** A resource named bare is an owning handle. */
function reference(def: TypeDef, span: Span): TypeRef {
	return def.kind === "resource" ? { kind: "handle", mode: "own", def, span } : { kind: "named", def, span };
}

/** The resource under a name, also through `type a = some-resource;`. */
function findResource(lookup: TypeLookup, user: TypeUser, name: Name): ResourceDef | undefined {
	const found = lookup.find(user, name);
	if (found === undefined) {
		return undefined;
	}
	let def: TypeDef = found;
	while (def.kind === "alias") {
		const { type }: { readonly type: TypeRef } = def;
		if (type.kind === "handle" && type.mode === "own" && !lookup.ownAliases.has(def)) {
			def = type.def;
		} else if (type.kind === "named") {
			def = type.def;
		} else {
			break;
		}
	}
	if (def.kind === "resource") {
		return def;
	}
	lookup.context.error("not-a-resource", user.types.file, name, `\`${name.text}\` is not a resource but ${article(found)}`, {
		help: "only resources have handles; name other types without `own` or `borrow`",
		related: [{ message: "declared here", span: found.span }],
	});
	return undefined;
}

function article(def: TypeDef): string {
	return def.kind === "flags" ? "flags" : `${/^[aeiou]/.test(def.kind) ? "an" : "a"} ${def.kind}`;
}

function checkMapKey(lookup: TypeLookup, user: TypeUser, expr: TypeExpr, key: TypeRef): void {
	if (isUnknownType(key)) {
		return;
	}
	if (key.kind !== "primitive" || !KEY_PRIMITIVES.has(key.name)) {
		lookup.context.error("invalid-map-key", user.types.file, expr, "this type cannot be the key of a map", {
			help: "keys are `bool`, integers, `char` or `string`, written as such and not through another name",
		});
	}
}

function fixedLength(lookup: TypeLookup, user: TypeUser, literal: Literal): number | undefined {
	const length = Number(literal.text);
	if (length >= 1 && length <= MAX_LIST_LENGTH) {
		return length;
	}
	lookup.context.error("invalid-list-length", user.types.file, literal, `a list cannot have the fixed length ${literal.text}`, {
		help: `lengths go from 1 to ${MAX_LIST_LENGTH}`,
	});
	return undefined;
}
