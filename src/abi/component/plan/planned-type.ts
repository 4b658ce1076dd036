import { malformed } from "../../binary/byte-reader.ts";
import type { PlannedType, ResourceRef, ValueType } from "./plan.ts";
import type { PlanBudget } from "./plan-budget.ts";
import type { FunctionNode, ResourceType, ValueNode } from "./type-node.ts";

/** Writes a function type out. */
export function plannedType(type: FunctionNode, budget: PlanBudget): PlannedType {
	const params = type.params.map(({ name, type: each }) => ({ name, type: valueType(each, budget) }));
	return type.result === undefined ? { params } : { params, result: valueType(type.result, budget) };
}

/** Returns the plan's reference to a resource type. */
export function resourceRef(resource: ResourceType): ResourceRef {
	if (resource.kind === "host resource") return { interface: resource.interface, name: resource.name };
	if (resource.kind === "guest resource") return { guest: resource.guest };
	throw malformed("it uses a resource type that nothing implements");
}

function valueType({ shape }: ValueNode, budget: PlanBudget): ValueType {
	budget.spend("parts of types");
	const inner = (type: ValueNode): ValueType => valueType(type, budget);
	switch (shape.kind) {
		case "primitive":
			return { kind: shape.primitive };
		case "record":
			return { kind: "record", fields: shape.fields.map(({ name, type }) => ({ name, type: inner(type) })) };
		case "variant": {
			budget.spend("parts of types", shape.cases.length);
			return { kind: "variant", cases: shape.cases.map(({ name, type }) => (type === undefined ? { name } : { name, type: inner(type) })) };
		}
		case "tuple":
			return { kind: "tuple", items: shape.items.map(inner) };
		case "list":
			return { kind: "list", element: inner(shape.element) };
		case "option":
			return { kind: "option", some: inner(shape.element) };
		case "result":
			return {
				kind: "result",
				...(shape.ok === undefined ? {} : { ok: inner(shape.ok) }),
				...(shape.err === undefined ? {} : { err: inner(shape.err) }),
			};
		case "enum":
		case "flags":
			budget.spend("parts of types", shape.names.length);
			return { kind: shape.kind, names: shape.names };
		case "own":
		case "borrow":
			return { kind: shape.kind, resource: resourceRef(shape.resource) };
		case "unsupported":
			throw malformed(`it uses ${shape.what} in a function, which this host does not support`);
	}
}
