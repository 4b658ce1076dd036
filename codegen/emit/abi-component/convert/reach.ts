/** The types to convert in each direction: those that cross the boundary in some function. */
import { type Abi, errorRecord } from "../../../model/abi.ts";
import { allFunctions, childTypes, handlesIn } from "../../../model/build-abi.ts";
import type { ConvertedDef } from "../../../model/carried/data-types.ts";
import { jsonKindOf } from "../../../model/carried/ir-type.ts";
import type { Func, TypeRef } from "../../../model/model.ts";
import type { Direction } from "../../kit/conversion/expressions.ts";

/** A value that crosses: a parameter or a result, without the handles in it. */
export interface Crossing {
	readonly type: TypeRef;
	readonly direction: Direction;
}

/** Imports take parameters in and give results out; what a world exports is the other way round. */
export function crossings(abi: Abi): Crossing[] {
	const imported = abi.interfaces.flatMap((each) => allFunctions(each.interface));
	const exported = abi.model.main.worlds.flatMap((world) =>
		world.exports.flatMap((item) => (item.kind === "function" ? [item.func] : allFunctions(item.interface))),
	);
	// The bindings answer failures of their own with the error record, whatever functions return.
	const error = imported.length === 0 ? undefined : errorRecord(abi);
	const failure: Crossing[] = error === undefined ? [] : [{ type: { kind: "named", def: error, span: error.span }, direction: "from-ir" }];
	return [
		...failure,
		...imported.flatMap((func) => crossingsOf(func, "to-ir", "from-ir")),
		...exported.flatMap((func) => crossingsOf(func, "from-ir", "to-ir")),
	];
}

export function reachable(found: readonly Crossing[]): Map<Direction, Set<ConvertedDef>> {
	const reached = new Map<Direction, Set<ConvertedDef>>([
		["to-ir", new Set()],
		["from-ir", new Set()],
	]);
	for (const { type, direction } of found) visit(type, reached.get(direction) ?? new Set());
	return reached;
}

function crossingsOf(func: Func, params: Direction, results: Direction): Crossing[] {
	const inward = func.params.flatMap((param) => plainParts(param.type).map((type) => ({ type, direction: params })));
	return [...inward, ...plainParts(func.result).map((type) => ({ type, direction: results }))];
}

/** The type itself, or, where it holds handles, the parts of it that hold none; a function's result counts by its two sides. */
function plainParts(type: TypeRef | undefined, outermost = true): TypeRef[] {
	if (type === undefined || type.kind === "handle") return [];
	if (handlesIn(type).length > 0 || (type.kind === "result" && outermost))
		return childTypes(type).flatMap((child) => plainParts(child, false));
	return [type];
}

function visit(type: TypeRef, reached: Set<ConvertedDef>): void {
	for (const child of childTypes(type)) visit(child, reached);
	if (type.kind !== "named" || jsonKindOf(type) !== undefined) return;
	const { def } = type;
	if (def.kind === "alias") {
		visit(def.type, reached);
		return;
	}
	if (reached.has(def)) return;
	reached.add(def);
	if (def.kind === "record") for (const field of def.fields) visit(field.type, reached);
	if (def.kind === "variant") for (const item of def.cases) if (item.type !== undefined) visit(item.type, reached);
}
