/** Types without a name: what stands after a colon, in angle brackets, or after an arrow. */
import type { TypeRef } from "../model/model.ts";
import type { Context } from "./context.ts";
import { findResource, findType, PRIMITIVES, type TypeUser } from "./find-type.ts";
import type { Literal, TypeExpr } from "./syntax.ts";
import { isUnknownType, unknownType } from "./unknown-type.ts";

const KEY_PRIMITIVES: ReadonlySet<string> = new Set("bool u8 u16 u32 u64 s8 s16 s32 s64 char string".split(" "));
const MAX_LIST_LENGTH = 2 ** 32 - 1;

/** Recurses into type arguments only, whose depth the scan of the file bounds. */
export function resolveTypeExpr(context: Context, user: TypeUser, expr: TypeExpr): TypeRef {
	const { file } = user.types;
	const span = context.span(file, expr);
	const inner = (each: TypeExpr) => resolveTypeExpr(context, user, each);
	switch (expr.kind) {
		case "primitive": {
			const name = PRIMITIVES.get(expr.name);
			return name === undefined ? unknownType(span) : { kind: "primitive", name, span };
		}
		case "list": {
			const element = inner(expr.element);
			const length = expr.length && fixedLength(context, user, expr.length);
			return length === undefined ? { kind: "list", element, span } : { kind: "list", element, length, span };
		}
		case "map": {
			const key = inner(expr.key);
			checkMapKey(context, user, expr.key, key);
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
				context.error("empty-type", file, expr, "a tuple needs at least one type");
			}
			return { kind: "tuple", items: expr.items.map(inner), span };
		case "stream":
		case "future":
			if (expr.kind === "stream" && expr.element?.kind === "primitive" && expr.element.name === "char") {
				context.error("invalid-stream-element", file, expr.element, "a stream cannot carry `char`", {
					help: "use `stream<u8>` with an encoding agreed on",
				});
			}
			return { kind: expr.kind, ...(expr.element === undefined ? {} : { element: inner(expr.element) }), span };
		case "own":
		case "borrow": {
			const def = findResource(context, user, expr.resource);
			return def === undefined ? unknownType(span) : { kind: "handle", mode: expr.kind, def, span };
		}
		case "name": {
			const def = findType(context, user, expr.name)?.def;
			if (def === undefined) {
				return unknownType(span);
			}
			// A resource named bare is an owning handle.
			return def.kind === "resource" ? { kind: "handle", mode: "own", def, span } : { kind: "named", def, span };
		}
	}
}

function checkMapKey(context: Context, user: TypeUser, expr: TypeExpr, key: TypeRef): void {
	if (!isUnknownType(key) && (key.kind !== "primitive" || !KEY_PRIMITIVES.has(key.name))) {
		context.error("invalid-map-key", user.types.file, expr, "this type cannot be the key of a map", {
			help: "keys are `bool`, integers, `char` or `string`, written as such and not through another name",
		});
	}
}

function fixedLength(context: Context, user: TypeUser, literal: Literal): number | undefined {
	const length = Number(literal.text);
	if (length >= 1 && length <= MAX_LIST_LENGTH) {
		return length;
	}
	context.error("invalid-list-length", user.types.file, literal, `a list cannot have the fixed length ${literal.text}`, {
		help: `lengths go from 1 to ${MAX_LIST_LENGTH}`,
	});
	return undefined;
}
