/** The stand-in for a type that could not be resolved. */
import type { Span, TypeRef } from "../model/model.ts";

const unknownTypes = new WeakSet<TypeRef>();

/** Never part of a model that is handed out: there was an error. */
export function unknownType(span: Span): TypeRef {
	const type: TypeRef = { kind: "primitive", name: "bool", span };
	unknownTypes.add(type);
	return type;
}

export function isUnknownType(type: TypeRef): boolean {
	return unknownTypes.has(type);
}
