/** A JSON object from an upstream. Adapters check only the members that they use. */
export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value if it is a string that is not empty. */
export function textOf(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns the value if it is a whole number from 0 that fits 32 bits. */
export function countOf(value: unknown): number | undefined {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff ? value : undefined;
}

/** Returns a whole number from 0 that fits 32 bits, written as a number or as text. Some servers send indexes as text. */
export function indexOf(value: unknown): number | undefined {
	return countOf(typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value);
}
