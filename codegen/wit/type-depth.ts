/** Depth of types: a record in a list in a record … Components hold values nested up to 100 deep, and so do the official tools. */
import { childTypes, references } from "../model/build-abi.ts";
import type { TypeDef, TypeRef } from "../model/model.ts";
import type { Context, Place } from "./context.ts";
import { order } from "./cycles.ts";
import type { Range } from "./syntax.ts";
import type { LocalType, TypeScope } from "./units.ts";

const MAX_DEPTH = 100;

/** Notes the depth of each type of these bodies. Reports those that are too deep, but not what is so only because it contains one. */
export function checkDepths(context: Context, scopes: Iterable<TypeScope>): void {
	const declared = new Map<TypeDef, LocalType>();
	for (const scope of scopes) {
		for (const entry of scope.entries.values()) {
			if (entry.kind === "local") {
				declared.set(entry.def, entry);
			}
		}
	}
	const named = (def: TypeDef): TypeDef[] => references(def).flatMap((type) => (type.kind === "named" ? [type.def] : []));
	for (const def of order(declared.keys(), named).sorted) {
		const depth = depthOfDef(context, def);
		context.depths.set(def, depth);
		const entry = declared.get(def);
		if (entry !== undefined && depth > MAX_DEPTH && named(def).every((each) => (context.depths.get(each) ?? 1) <= MAX_DEPTH)) {
			report(context, entry.scope.file, entry.name, `type \`${def.name}\``);
		}
	}
}

/** Reports a type without a name that is too deep, while the named types in it are not. */
export function checkDepth(context: Context, scope: Place, range: Range, type: TypeRef): void {
	const isDeep = (each: TypeRef): boolean => each.kind === "named" && (context.depths.get(each.def) ?? 1) > MAX_DEPTH;
	if (depthOf(context, type) > MAX_DEPTH && !contains(type, isDeep)) {
		report(context, scope, range, "this type");
	}
}

function report(context: Context, scope: Place, range: Range, what: string): void {
	context.error("too-deep", scope, range, `${what} is nested more than ${MAX_DEPTH} deep, which components do not hold`, {
		help: "refer to the inner value by an index or a resource handle",
	});
}

function contains(type: TypeRef, test: (type: TypeRef) => boolean): boolean {
	return test(type) || childTypes(type).some((child) => contains(child, test));
}

function depthOfDef(context: Context, def: TypeDef): number {
	switch (def.kind) {
		case "alias":
			return depthOf(context, def.type);
		case "record":
			return 1 + deepest(def.fields.map((field) => depthOf(context, field.type)));
		case "variant":
			return 1 + deepest(def.cases.map((each) => (each.type === undefined ? 0 : depthOf(context, each.type))));
		default:
			return 1;
	}
}

function depthOf(context: Context, type: TypeRef): number {
	return type.kind === "named"
		? (context.depths.get(type.def) ?? 1)
		: 1 + deepest(childTypes(type).map((child) => depthOf(context, child)));
}

function deepest(depths: readonly number[]): number {
	return depths.reduce((most, depth) => Math.max(most, depth), 0);
}
