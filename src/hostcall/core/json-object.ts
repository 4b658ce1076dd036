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

/** Returns true for a value of lists and objects within each other to more than `max` levels. */
export function isDeeperThan(value: JsonValue, max: number): boolean {
	let level: JsonValue[] = [value];
	for (let depth = 0; level.length > 0; depth += 1) {
		if (depth > max) return true;
		level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item).filter(isNested) : []));
	}
	return false;
}

function isNested(value: JsonValue): boolean {
	return typeof value === "object" && value !== null;
}
