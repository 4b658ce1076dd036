import type { JsonObject, JsonValue } from "../../../generated/ir/json.ts";

/** Returns true for an object among the values of parsed JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a JSON value that counts something, or `undefined` for any other. */
export function countOf(value: JsonValue | undefined): number | undefined {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** Returns a text that is not empty, or `undefined` for any other value. */
export function textOf(value: JsonValue | undefined): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}
