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
	return childrenOf(payload, "", [payload]);
}

/** All nodes in the order of declaration, each before its parts. */
export function flattened(nodes: readonly FieldNode[]): FieldNode[] {
	return nodes.flatMap((node) => [node, ...flattened(node.parts?.children ?? [])]);
}

function childrenOf(def: RecordDef | VariantDef, prefix: string, above: readonly (RecordDef | VariantDef)[]): FieldNode[] {
	const items: readonly (Field | Case)[] = def.kind === "record" ? def.fields : def.cases;
	return items.map((item) => {
		const path = prefix + snakeCase(item.name);
		const type = item.type?.kind === "option" && def.kind === "record" ? item.type.some : item.type;
		if (type === undefined) return { path, item };
		const inner = partedType(type);
		if (inner === undefined || above.includes(inner)) return { path, item, type };
		return { path, item, type, parts: { def: inner, children: childrenOf(inner, `${path}.`, [...above, inner]) } };
	});
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
