import type { FunctionNode, ResourceType, ValueNode } from "./type-node.ts";

/** Returns the structural type key of a function. The length of the key was bounded when the type was made. */
export function functionKey(type: FunctionNode): string {
	if (type.unsupported !== undefined) return `unsupported(${type.unsupported})`;
	const params = type.params.map(({ name, type: each }) => `${name}:${valueKey(each)}`).join(",");
	return `(${params})${type.result === undefined ? "" : `->${valueKey(type.result)}`}`;
}

/** Returns the structural type key of a value type. */
export function valueKey({ shape }: ValueNode): string {
	switch (shape.kind) {
		case "primitive":
			return shape.primitive;
		case "record":
			return `record{${shape.fields.map(({ name, type }) => `${name}:${valueKey(type)}`).join(",")}}`;
		case "variant":
			return `variant{${shape.cases.map(({ name, type }) => (type === undefined ? name : `${name}:${valueKey(type)}`)).join(",")}}`;
		case "tuple":
			return `tuple<${shape.items.map(valueKey).join(",")}>`;
		case "list":
		case "option":
			return `${shape.kind}<${valueKey(shape.element)}>`;
		case "result":
			return `result<${sideKey(shape.ok)},${sideKey(shape.err)}>`;
		case "enum":
		case "flags":
			return `${shape.kind}{${shape.names.join(",")}}`;
		case "own":
		case "borrow":
			return `${shape.kind}<${resourceKey(shape.resource)}>`;
		case "unsupported":
			return `unsupported(${shape.what})`;
	}
}

function sideKey(type: ValueNode | undefined): string {
	return type === undefined ? "_" : valueKey(type);
}

function resourceKey(resource: ResourceType): string {
	if (resource.kind === "host resource") return `${resource.interface}.${resource.name}`;
	return resource.kind === "guest resource" ? `guest.${resource.guest}` : "_";
}
