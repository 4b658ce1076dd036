import { malformed } from "../../binary/byte-reader.ts";
import type { LabelledRef, TypeDefinition, ValueRef } from "../binary/definition.ts";
import type { AnyType, ItemScope } from "./item.ts";
import { boundedKeyLength, valueNode } from "./measure.ts";
import type { FunctionNode, ResourceType, ValueNode, ValueShape } from "./type-node.ts";

type Defined = Exclude<TypeDefinition, { readonly kind: "resource" }>;

/** Resolves a type definition in its scope. `at` is the byte of the definition. Resources are made by the component that defines them. */
export function makeType(definition: Defined, scope: ItemScope, at: number): AnyType {
	switch (definition.kind) {
		case "function":
			return makeFunction(definition, scope, at);
		case "instance type":
		case "component type":
			return { kind: definition.kind, declarations: definition.declarations, scope };
		case "primitive":
			return resolve(definition, scope, at);
		default:
			return valueNode(shapeOf(definition, scope, at), at);
	}
}

type Compound = Exclude<Defined, { readonly kind: "function" | "instance type" | "component type" | "primitive" }>;

function shapeOf(definition: Compound, scope: ItemScope, at: number): ValueShape {
	const type = (ref: ValueRef): ValueNode => resolve(ref, scope, at);
	const side = (ref: ValueRef | undefined): ValueNode | undefined => (ref === undefined ? undefined : type(ref));
	switch (definition.kind) {
		case "record":
			return { kind: "record", fields: labelled(definition.fields, scope, at) };
		case "variant":
			return { kind: "variant", cases: definition.cases.map((each) => ({ name: each.name, type: side(each.type) })) };
		case "tuple":
			return { kind: "tuple", items: definition.items.map(type) };
		case "list":
		case "option":
			return { kind: definition.kind, element: type(definition.element) };
		case "result":
			return { kind: "result", ok: side(definition.ok), err: side(definition.err) };
		case "enum":
		case "flags":
			return definition;
		case "own":
		case "borrow":
			return { kind: definition.kind, resource: resourceAt(scope, definition.resource, at) };
		case "unsupported": {
			const parts = definition.parts.map(type);
			if (definition.what !== "fixed-length list" && definition.what !== "map" && parts.some(({ measure }) => measure.borrows))
				throw malformed(`a ${definition.what} of borrowed handles at byte ${at}`);
			return { kind: "unsupported", what: definition.what, parts };
		}
	}
}

function makeFunction(definition: Extract<Defined, { readonly kind: "function" }>, scope: ItemScope, at: number): FunctionNode {
	const params = labelled(definition.params, scope, at);
	const result = definition.result === undefined ? undefined : resolve(definition.result, scope, at);
	if (result?.measure.borrows) throw malformed(`a function type at byte ${at} returns a borrowed handle`);
	const types = [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])];
	return {
		kind: "function",
		params,
		result,
		keyLength: boundedKeyLength(
			params.map(({ name }) => name),
			types,
			at,
		),
		resources: types.some(({ measure }) => measure.resources),
		unsupported: definition.async ? "async" : types.find(({ measure }) => measure.unsupported !== undefined)?.measure.unsupported,
	};
}

/** Returns the resource type of an index. */
export function resourceAt(scope: ItemScope, index: number, at: number): ResourceType {
	const { type } = scope.get("type", index, at);
	if (isResource(type)) return type;
	throw malformed(`type ${index}, which the definition at byte ${at} uses as a resource, is none`);
}

/** Returns true for a resource type. */
export function isResource(type: AnyType): type is ResourceType {
	return type.kind === "host resource" || type.kind === "guest resource" || type.kind === "abstract resource";
}

function labelled(fields: readonly LabelledRef[], scope: ItemScope, at: number): { name: string; type: ValueNode }[] {
	return fields.map(({ name, type }) => ({ name, type: resolve(type, scope, at) }));
}

function resolve(ref: ValueRef, scope: ItemScope, at: number): ValueNode {
	if ("primitive" in ref) {
		if (ref.primitive === "error-context") return valueNode({ kind: "unsupported", what: "error-context", parts: [] }, at);
		return valueNode({ kind: "primitive", primitive: ref.primitive }, at);
	}
	const { type } = scope.get("type", ref.index, at);
	if (type.kind !== "value") throw malformed(`type ${ref.index}, which the definition at byte ${at} uses as a value, is none`);
	return type;
}
