import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isSchemaObject, own, RESTRICTIONS } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { intersectAll, UnmergeableError } from "./merge.ts";
import { normalize, replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";
import type { References } from "./references.ts";

/** A schema in place of an `allOf`. */
export interface Intersection {
	readonly schema: JsonObject;
	/** Targets of the references that were replaced. */
	readonly targets: readonly string[];
}

/**
 * Merges a schema with its `allOf`, and with the schema that its `$ref` names, into one.
 *
 * @throws SchemaRefusal `missing_capabilities` if no single schema can stand for all.
 */
export function mergeAllOf(lowering: Lowering, references: References, schema: JsonObject, path: SchemaPath): Intersection {
	const parts: JsonObject[] = [];
	const targets = new Set<string>();
	const unevaluated = own(schema, "unevaluatedProperties");
	const rest: JsonValue[] = [replace(schema, ["unevaluatedProperties"])];
	for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
		if (next === true) continue;
		if (next === false) throw lowering.invalid(path, "allOf holds false, so no value is valid; remove it");
		if (!isSchemaObject(next)) throw lowering.invalid(path, "allOf must be a list of schemas");
		const { allOf, $ref, $defs: _, definitions: __, ...part } = normalize(next);
		if (allOf !== undefined && !Array.isArray(allOf)) throw lowering.invalid(path, "allOf must be a list of schemas");
		// The stack gives the last part first.
		if (allOf !== undefined) for (const branch of allOf.toReversed()) rest.push(branch);
		if ($ref !== undefined) {
			const target = references.resolve($ref, path);
			if (targets.has(target.pointer) || lowering.active.has(target.pointer))
				throw lowering.cannot(path, "cannot express an allOf of a schema that contains itself; write that schema once, with $ref alone");
			targets.add(target.pointer);
			lowering.copy(target.schema, path);
			rest.push(target.schema);
		}
		parts.push($ref !== undefined && lowering.ignoresRefSiblings ? annotationsOf(part) : part);
	}
	return { schema: merged(lowering, parts, unevaluated, path), targets: [...targets] };
}

/** Returns the keywords of a schema that restrict no value. */
export function annotationsOf(schema: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !RESTRICTIONS.has(keyword)));
}

function merged(lowering: Lowering, parts: readonly JsonObject[], unevaluated: JsonValue | undefined, path: SchemaPath): JsonObject {
	try {
		const schema = intersectAll(parts, { ids: lowering.ids, copied: (value) => lowering.copy(value, path) });
		if (unevaluated === undefined || unevaluated === true) return schema;
		// With all properties in one object, those not evaluated are those not named.
		const hides = ["anyOf", "oneOf", "if", "dependentSchemas", "additionalProperties", "patternProperties"];
		if (hides.some((keyword) => Object.hasOwn(schema, keyword))) throw new UnmergeableError("unevaluatedProperties");
		return { ...schema, additionalProperties: unevaluated };
	} catch (thrown) {
		if (!(thrown instanceof UnmergeableError)) throw thrown;
		throw lowering.cannot(path, `has no allOf, and its schemas differ in ${thrown.keyword}; write one schema instead`);
	}
}
