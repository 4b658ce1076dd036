import { require } from "./violation.ts";

/** Members of an object whose types are unknown. */
export type Members = Readonly<Record<string, unknown>>;

/** @throws Violation unless the value is an object. */
export function members(value: unknown): Members {
	require(isMembers(value), "a message lacks an object");
	return value;
}

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** @throws Violation unless the value is a list. */
export function list(value: unknown): readonly unknown[] {
	require(Array.isArray(value), "a message lacks a list");
	return value;
}

/** @throws Violation unless the value is a text. */
export function text(value: unknown): string {
	require(typeof value === "string", "a message lacks a text");
	return value;
}

/** @throws Violation unless the value is a text or absent. */
export function optionalText(value: unknown): string | undefined {
	return value === undefined ? undefined : text(value);
}

/** @throws Violation unless the value is a whole number of at least 0. */
export function whole(value: unknown): number {
	require(typeof value === "number" && Number.isSafeInteger(value) && value >= 0, "a message lacks a whole number");
	return value;
}

/** @throws Violation unless the value is a list of bytes. */
export function bytes(value: unknown): Uint8Array {
	require(value instanceof Uint8Array, "a message lacks bytes");
	return value;
}

/** @throws Violation unless the value is one of the options. */
export function oneOf<T extends string>(value: unknown, options: readonly T[]): T {
	const found = options.find((option) => option === value);
	require(found !== undefined, "a message has an unknown choice");
	return found;
}

/** @throws Violation unless the value is a finite number of at least 0. */
export function duration(value: unknown): number {
	require(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY, "a message lacks a duration");
	return value;
}
