import type { PlanBudget } from "./plan-budget.ts";
import type { FunctionNode, ResourceType, ValueNode } from "./type-node.ts";

/** Returns true if two function types are structurally the same. Compares names of parameters too. */
export function sameFunction(left: FunctionNode, right: FunctionNode, budget: PlanBudget): boolean {
	if (left === right) return true;
	return (
		left.unsupported === right.unsupported &&
		left.params.length === right.params.length &&
		left.params.every(({ name, type }, index) => {
			const other = right.params[index];
			return other !== undefined && name === other.name && sameValue(type, other.type, budget);
		}) &&
		sameSide(left.result, right.result, budget)
	);
}

/** Returns true if two value types are structurally the same. */
export function sameValue(left: ValueNode, right: ValueNode, budget: PlanBudget): boolean {
	if (left === right) return true;
	budget.spend("comparisons of types");
	const a = left.shape;
	const b = right.shape;
	if (left.measure.keyLength !== right.measure.keyLength) return false;
	const same = (one: ValueNode | undefined, other: ValueNode | undefined): boolean => sameSide(one, other, budget);
	switch (a.kind) {
		case "primitive":
			return b.kind === "primitive" && a.primitive === b.primitive;
		case "record":
			return b.kind === "record" && sameList(a.fields, b.fields, (one, other) => one.name === other.name && same(one.type, other.type));
		case "variant":
			return b.kind === "variant" && sameList(a.cases, b.cases, (one, other) => one.name === other.name && same(one.type, other.type));
		case "tuple":
			return b.kind === "tuple" && sameList(a.items, b.items, same);
		case "list":
		case "option":
			return b.kind === a.kind && same(a.element, b.element);
		case "result":
			return b.kind === "result" && same(a.ok, b.ok) && same(a.err, b.err);
		case "enum":
		case "flags":
			return b.kind === a.kind && sameList(a.names, b.names, (one, other) => one === other);
		case "own":
		case "borrow":
			return b.kind === a.kind && sameResource(a.resource, b.resource);
		case "unsupported":
			return b.kind === "unsupported" && a.what === b.what && sameList(a.parts, b.parts, same);
	}
}

/** Returns true if two resource types are the same. The resources of two versions of an interface are. */
export function sameResource(left: ResourceType, right: ResourceType): boolean {
	if (left === right) return true;
	if (left.kind !== "host resource" || right.kind !== "host resource") return false;
	return left.interface === right.interface && left.name === right.name;
}

function sameSide(left: ValueNode | undefined, right: ValueNode | undefined, budget: PlanBudget): boolean {
	return left === undefined || right === undefined ? left === right : sameValue(left, right, budget);
}

function sameList<T>(left: readonly T[], right: readonly T[], same: (left: T, right: T) => boolean): boolean {
	return (
		left.length === right.length &&
		left.every((each, index) => {
			const other = right[index];
			return other !== undefined && same(each, other);
		})
	);
}
