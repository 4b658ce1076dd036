/**
 * Fields of a payload, as paths of IR names: every record field and variant case that a request can carry.
 *
 * Records are followed through options and lists. A type tagged `@atomic` is a field without parts, and so are maps, tuples and results.
 */
import { hasTag } from "../abi.ts";
import type { Case, Field, RecordDef, TypeRef, VariantDef } from "../model.ts";
import { snakeCase } from "../names/spelling.ts";
import { withoutAliases } from "./ir-type.ts";

export interface FieldNode {
	/** E.g. `messages.content.image`. Unique in the tree. */
	readonly path: string;
	/** The record field or variant case. */
	readonly item: Field | Case;
	/** Type of a present value. Absent: a case without a value. */
	readonly type?: TypeRef;
	/** Record or variant whose parts are the children. Absent: the field has no parts. */
	readonly parts?: FieldParts;
}

export interface FieldParts {
	readonly def: RecordDef | VariantDef;
	readonly children: readonly FieldNode[];
}

/** Returns the fields of a payload. A type within itself has no parts there, so the tree is finite. */
export function fieldTree(payload: RecordDef): readonly FieldNode[] {
	const root: OpenParts = { def: payload, children: [], prefix: "", outer: undefined };
	const open = [root];
	// With a list of its own rather than the call stack: records may be nested as deeply as the input has types.
	for (let parts = open.pop(); parts !== undefined; parts = open.pop()) {
		const items: readonly (Field | Case)[] = parts.def.kind === "record" ? parts.def.fields : parts.def.cases;
		for (const item of items) {
			const path = parts.prefix + snakeCase(item.name);
			const type = item.type?.kind === "option" && parts.def.kind === "record" ? item.type.some : item.type;
			const def = type && partedType(type);
			if (type === undefined || def === undefined || isWithin(def, parts)) {
				parts.children.push({ path, item, ...(type === undefined ? {} : { type }) });
			} else {
				const inner: OpenParts = { def, children: [], prefix: `${path}.`, outer: parts };
				open.push(inner);
				parts.children.push({ path, item, type, parts: { def, children: inner.children } });
			}
		}
	}
	return root.children;
}

/** Parts whose children are still to be found. */
interface OpenParts {
	readonly def: RecordDef | VariantDef;
	readonly children: FieldNode[];
	readonly prefix: string;
	/** Parts that these are inside. */
	readonly outer: OpenParts | undefined;
}

function isWithin(def: RecordDef | VariantDef, parts: OpenParts): boolean {
	for (let each: OpenParts | undefined = parts; each !== undefined; each = each.outer) {
		if (each.def === def) return true;
	}
	return false;
}

/** All nodes in the order of declaration, each before its parts. */
export function flattened(nodes: readonly FieldNode[]): FieldNode[] {
	const found: FieldNode[] = [];
	const open = nodes.toReversed();
	for (let node = open.pop(); node !== undefined; node = open.pop()) {
		found.push(node);
		for (const child of (node.parts?.children ?? []).toReversed()) open.push(child);
	}
	return found;
}

/** The record or variant that a value consists of, directly or as a list. */
function partedType(type: TypeRef): RecordDef | VariantDef | undefined {
	const target = withoutAliases(type);
	if (target.kind === "list") return partedType(target.element);
	if (target.kind === "option") return partedType(target.some);
	if (target.kind !== "named") return undefined;
	const { def } = target;
	return (def.kind === "record" || def.kind === "variant") && !hasTag(def, "atomic") ? def : undefined;
}
