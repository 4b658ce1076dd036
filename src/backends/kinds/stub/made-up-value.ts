import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { isObject } from "../../kit/json/guards.ts";

/** Most values of an answer, and most schemas that are read for it. A schema that refers to itself, or wants a million items, would have no end. */
const MAX_VALUES = 10_000;

/** Deepest nesting of an answer. */
const MAX_DEPTH = 64;

/** Longest text of an answer, in characters. */
const MAX_TEXT = 4_096;

/**
 * Returns a value that a JSON Schema accepts: the first of its values or alternatives, the required members of an object, the fewest items, the number
 * nearest to 0. A text is `stub`, cut or repeated to the length that the schema wants. Patterns, formats and other keywords are not considered.
 *
 * @throws SpearError `invalid_request` for a schema that wants too large a value, or a value that refers to itself without end.
 */
export function madeUpValue(schema: JsonObject): JsonValue {
	let left = MAX_VALUES;

	function make(node: JsonValue | undefined, depth: number): JsonValue {
		left -= 1;
		if (left < 0) throw tooLarge(`${MAX_VALUES} values`);
		if (depth > MAX_DEPTH) throw tooLarge(`${MAX_DEPTH} levels`);
		if (node === undefined || !isObject(node)) return "stub";
		if (typeof node.$ref === "string") return make(referred(schema, node.$ref), depth + 1);
		if (node.const !== undefined) return node.const;
		if (Array.isArray(node.enum) && node.enum.length > 0) return node.enum[0] ?? null;
		const alternatives = node.anyOf ?? node.oneOf;
		if (Array.isArray(alternatives) && alternatives.length > 0) return make(alternatives[0], depth + 1);
		if (Array.isArray(node.allOf) && node.allOf.length === 1) return make(node.allOf[0], depth + 1);
		switch (typeOf(node)) {
			case "object":
				return makeObject(node, depth);
			case "array":
				return Array.from({ length: Math.min(count(node.minItems), MAX_VALUES + 1) }, () => make(node.items, depth + 1));
			case "number":
				return numberOf(node, 0);
			case "integer":
				return numberOf(node, 1);
			case "boolean":
				return false;
			case "null":
				return null;
			default:
				return textOf(node);
		}
	}

	function makeObject({ required, properties }: JsonObject, depth: number): JsonObject {
		const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
		// Entries define members: an assignment to `__proto__` would not.
		return Object.fromEntries(
			names.map((name) => [name, make(isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : {}, depth + 1)]),
		);
	}

	return make(schema, 0);
}

/** Returns the part of a schema that a reference such as `#/$defs/part` names. `undefined` for any other reference. */
function referred(root: JsonObject, reference: string): JsonValue | undefined {
	if (reference === "#") return root;
	if (!reference.startsWith("#/")) return undefined;
	let node: JsonValue | undefined = root;
	for (const step of reference.slice(2).split("/")) {
		const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
		node = isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
	}
	return node;
}

function typeOf({ type, properties, items }: JsonObject): JsonValue | undefined {
	if (Array.isArray(type)) return type[0];
	if (type !== undefined) return type;
	return properties !== undefined ? "object" : items !== undefined ? "array" : "string";
}

/** Returns the number nearest to 0 within the bounds of a schema. `step` is the distance of the permitted numbers; 0 for every number. */
function numberOf(node: JsonObject, step: number): number {
	const distance = typeof node.multipleOf === "number" && node.multipleOf > 0 ? node.multipleOf : step;
	const apart = distance === 0 ? 0.5 : distance;
	const low = Math.max(bound(node.minimum, -Infinity), bound(node.exclusiveMinimum, -Infinity) + apart);
	const high = Math.min(bound(node.maximum, Infinity), bound(node.exclusiveMaximum, Infinity) - apart);
	const nearest = low > 0 ? low : high < 0 ? high : 0;
	if (distance === 0) return nearest;
	return (nearest > 0 ? Math.ceil(nearest / distance) : Math.floor(nearest / distance)) * distance;
}

function textOf({ minLength, maxLength }: JsonObject): string {
	const least = count(minLength);
	if (least > MAX_TEXT) throw tooLarge(`a text of ${MAX_TEXT} characters`);
	return "stub".padEnd(least, "stub").slice(0, Math.max(bound(maxLength, MAX_TEXT), 0));
}

function count(value: unknown): number {
	return Math.max(Math.ceil(bound(value, 0)), 0);
}

function bound(value: unknown, absent: number): number {
	return typeof value === "number" ? value : absent;
}

function tooLarge(most: string): SpearError {
	return new SpearError("invalid_request", `response_format.json_schema.schema: the stub makes at most ${most}, and the schema wants more`);
}
