import type { JsonObject } from "../../../../generated/ir/json.ts";
import { isNeutral, own, TYPE_OF_KEYWORD, TYPES, type TypeName } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import type { SchemaPath } from "./path.ts";
import { typeOfValue, valuesOf } from "./values.ts";

/**
 * Returns a schema with the type that its other keywords imply, if the dialect demands one. Returns the same object if nothing changes.
 *
 * @throws SchemaRefusal `missing_capabilities` for a schema of any value.
 */
export function withType(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const type = own(schema, "type");
	if (type !== undefined) {
		const listed = Array.isArray(type) ? type : [type];
		if (listed.length === 0) throw lowering.invalid(path, "no value is valid: the types of its schemas exclude each other");
		const wrong = listed.find((name) => !TYPES.some((known) => known === name));
		if (wrong !== undefined && lowering.dialect.otherKeywords !== "keep")
			throw lowering.invalid(path, `type must be one of ${TYPES.join(", ")}`);
		return schema;
	}
	if (!lowering.dialect.needsType || ["anyOf", "oneOf", "$ref"].some((keyword) => Object.hasOwn(schema, keyword))) return schema;
	const ofValues = typesOfValues(schema);
	if (ofValues !== undefined) return { type: ofValues, ...schema };
	const implied = new Set(
		Object.entries(schema).flatMap(([keyword, value]) => {
			const of = TYPE_OF_KEYWORD.get(keyword);
			return of === undefined || (isNeutral(keyword, value) && keyword !== "properties") ? [] : [of];
		}),
	);
	const [only] = implied;
	if (only === undefined || implied.size > 1) throw lowering.cannot(path, "accepts no schema of any value; give it a type");
	lowering.downgrade(path, "narrower", `values of other types than ${only} are excluded`);
	return { type: only, ...schema };
}

function typesOfValues(schema: JsonObject): TypeName | TypeName[] | undefined {
	const types = [...new Set((valuesOf(schema) ?? []).map(typeOfValue))];
	const distinct = types.includes("number") ? types.filter((type) => type !== "integer") : types;
	const [only] = distinct;
	if (only === undefined) return undefined;
	return distinct.length === 1 ? only : distinct;
}
