import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { isAnything, isNeutral, isSchemaObject, own } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";

/**
 * Returns the schema of an object as the dialect demands it: closed, and with each property required. Returns the same object if nothing
 * changes.
 *
 * @throws SchemaRefusal `missing_capabilities` for an object whose properties the schema does not name.
 */
export function withObjectRules(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	if (own(schema, "type") !== "object") return schema;
	checkNames(lowering, schema, path);
	return required(lowering, closed(lowering, schema, path), path);
}

function checkNames(lowering: Lowering, schema: JsonObject, path: SchemaPath): void {
	const { propertyName } = lowering.dialect;
	const wrong = propertyName === undefined ? undefined : names(schema).find((name) => !propertyName.test(name));
	if (wrong !== undefined)
		throw lowering.cannot(path.at("properties").at(wrong), `accepts only property names that match ${propertyName?.source}; rename it`);
}

function closed(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const { objects } = lowering.dialect;
	const more = own(schema, "additionalProperties");
	if (objects === "open" || more === false) return schema;
	const isOpen = more === undefined || isAnything(more);
	const hasPatterns = !isNeutral("patternProperties", own(schema, "patternProperties") ?? {});
	const isNamed = Object.hasOwn(schema, "properties");
	if (objects !== "closed") {
		if (more !== undefined) return isAnything(more) && more !== true ? { ...schema, additionalProperties: true } : schema;
		if (objects === "named-closed" && !isNamed) return schema;
		if (!isNamed || hasPatterns) return { ...schema, additionalProperties: true };
		lowering.downgrade(path, "narrower", "properties that the schema does not name are excluded");
		return schema;
	}
	if (!isOpen || hasPatterns || !isNamed)
		throw lowering.cannot(
			path,
			"accepts no object whose properties the schema does not name; list them in properties, or ask for a list of pairs",
		);
	lowering.downgrade(path, "narrower", "properties that the schema does not name are excluded");
	return { ...schema, additionalProperties: false };
}

function required(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const listed = own(schema, "required");
	const present = Array.isArray(listed) ? listed : [];
	const all = names(schema);
	const rule = lowering.dialect.required;
	const isClosed = own(schema, "additionalProperties") === false && !Object.hasOwn(schema, "patternProperties");
	if (rule === "all" || (isClosed && lowering.dialect.objects !== "open")) {
		const known = new Set<JsonValue>(all);
		const unknown = present.find((name) => !known.has(name));
		if (unknown !== undefined)
			throw lowering.invalid(path.at("required"), `it lists "${guestName(String(unknown))}", which properties lacks; add it there`);
	}
	const needed = new Set(present);
	const optional = all.filter((name) => !needed.has(name));
	if (rule === "any" || optional.length === 0 || (rule === "one" && needed.size > 0)) return schema;
	lowering.downgrade(path, "narrower", `${optional.length} optional properties are required`);
	return { ...replace(schema, ["required"]), required: all };
}

function names(schema: JsonObject): string[] {
	const properties = own(schema, "properties");
	return isSchemaObject(properties) ? Object.keys(properties) : [];
}
