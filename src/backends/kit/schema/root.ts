import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { mergeAllOf } from "./intersection.ts";
import { isSchemaObject, own } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { valuesByName } from "./merge.ts";
import { normalize, replace } from "./normalize.ts";
import type { References } from "./references.ts";

/** The outermost schema, and the targets of the references that were replaced in it. */
export interface Root {
	readonly schema: JsonObject;
	readonly targets: readonly string[];
}

/**
 * Returns the outermost schema as the dialect demands it: an object, without alternatives. Returns the same object if nothing changes.
 *
 * @throws SchemaRefusal `missing_capabilities` for another type, or for alternatives that the dialect does not allow there.
 */
export function rootOf(lowering: Lowering, references: References, schema: JsonObject): Root {
	const { root } = lowering.dialect;
	if (!root.object) return { schema, targets: [] };
	const merged = withoutReferences(lowering, references, schema);
	const flat = root.unions === "keep" ? merged.schema : withoutUnions(lowering, references, merged.schema);
	return { schema: asObject(lowering, flat), targets: merged.targets };
}

function withoutReferences(lowering: Lowering, references: References, schema: JsonObject): Root {
	const hasAllOf = Object.hasOwn(schema, "allOf") && lowering.dialect.root.unions !== "keep";
	if (!hasAllOf && !Object.hasOwn(schema, "$ref")) return { schema, targets: [] };
	const merged = mergeAllOf(lowering, references, schema, lowering.rootPath);
	return { schema: withDefinitions(schema, merged.schema), targets: merged.targets };
}

/** Adds the definitions again, for a dialect that leaves references alone. */
function withDefinitions(from: JsonObject, schema: JsonObject): JsonObject {
	const { $defs, definitions } = from;
	return { ...schema, ...($defs === undefined ? {} : { $defs }), ...(definitions === undefined ? {} : { definitions }) };
}

function withoutUnions(lowering: Lowering, references: References, schema: JsonObject): JsonObject {
	const union = unionOf(schema);
	if (union === undefined) return schema;
	const path = lowering.rootPath;
	const objects = alternatives(lowering, references, schema, union);
	const [only] = objects;
	if (only !== undefined && objects.length === 1) return withDefinitions(schema, only);
	const { keyword } = union;
	if (lowering.dialect.root.unions === "reject")
		throw lowering.cannot(path, `accepts no ${keyword} in the outermost schema; put it into a property, or write one object`);
	lowering.downgrade(path, "wider", `the alternatives of ${keyword} are joined into one object`);
	const one = joined(lowering, replace(schema, [keyword]), objects);
	const isPartial = objects.some((object) => own(object, "additionalProperties") !== false && countOf(object) < countOf(one));
	if (isPartial)
		lowering.downgrade(path, "narrower", `properties that one alternative of ${keyword} does not name are restricted as in the others`);
	return withDefinitions(schema, one);
}

interface Union {
	readonly keyword: "anyOf" | "oneOf";
	readonly branches: readonly JsonValue[];
}

function unionOf(schema: JsonObject): Union | undefined {
	const keyword = Object.hasOwn(schema, "anyOf") ? "anyOf" : Object.hasOwn(schema, "oneOf") ? "oneOf" : undefined;
	const branches = keyword === undefined ? undefined : own(schema, keyword);
	return keyword !== undefined && Array.isArray(branches) ? { keyword, branches } : undefined;
}

/**
 * Returns the objects that a schema with alternatives allows. Alternatives within each other are one list: joined at each level, all
 * properties would be copied there.
 */
function alternatives(lowering: Lowering, references: References, schema: JsonObject, { keyword, branches }: Union): JsonObject[] {
	const common = replace(schema, [keyword]);
	return branches.flatMap((branch, index) => {
		const at = lowering.rootPath.at(keyword).at(index);
		lowering.copy(common, at);
		const { schema: object } = mergeAllOf(lowering, references, { allOf: [common, branch] }, at);
		const inner = unionOf(object);
		return inner === undefined
			? [asObject(lowering, object)]
			: lowering.nested(at, () => alternatives(lowering, references, object, inner));
	});
}

function countOf(object: JsonObject): number {
	const properties = own(object, "properties");
	return isSchemaObject(properties) ? Object.keys(properties).length : 0;
}

/** Returns an object that accepts what any of these objects accepts, and more. */
function joined({ ids }: Lowering, common: JsonObject, objects: readonly JsonObject[]): JsonObject {
	const schemas = valuesByName(objects.map((object) => own(object, "properties")).filter(isSchemaObject));
	const properties = [...schemas].map(([name, values]): [string, JsonValue] => {
		const distinct = ids.distinct(values);
		const [only] = distinct;
		return [name, distinct.length === 1 && only !== undefined ? only : { anyOf: distinct }];
	});
	const counts = new Map<JsonValue, number>();
	for (const object of objects) {
		const required = own(object, "required");
		for (const name of new Set(Array.isArray(required) ? required : [])) counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	const required = [...counts].filter(([, count]) => count === objects.length).map(([name]) => name);
	const isClosed = objects.every((object) => own(object, "additionalProperties") === false);
	return {
		...replace(common, ["type", "properties", "required", "additionalProperties"]),
		type: "object",
		properties: Object.fromEntries(properties),
		...(required.length === 0 ? {} : { required }),
		...(isClosed ? { additionalProperties: false } : {}),
	};
}

function asObject(lowering: Lowering, schema: JsonObject): JsonObject {
	const type = own(normalize(schema), "type");
	if (type === "object") return schema;
	if (Array.isArray(type) && type.includes("object")) {
		if (type.length > 1) lowering.downgrade(lowering.rootPath, "narrower", "values of other types than object are excluded");
		return { ...schema, type: "object" };
	}
	if (type !== undefined)
		throw lowering.cannot(lowering.rootPath, 'accepts only an outermost schema whose type is "object"; wrap it into a property');
	if (lowering.dialect.otherKeywords !== "keep")
		lowering.downgrade(lowering.rootPath, "narrower", "values of other types than object are excluded");
	return { type: "object", ...schema };
}
