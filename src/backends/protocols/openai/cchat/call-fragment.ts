import { indexOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";

/** A piece of a streamed tool call. Members that the upstream does not send, or that hold nothing usable, are `undefined`. */
export interface CallFragment {
	readonly index: number | undefined;
	readonly id: string | undefined;
	readonly name: string | undefined;
	/** Text of the arguments. Empty if absent. */
	readonly args: string;
}

/**
 * Reads a piece of a tool call. An index or an id may be a number or its digits. The arguments may be text or an object, which becomes
 * its own text.
 *
 * @param source The piece within the text of the event. Called only for arguments that are an object.
 * @returns `undefined` for arguments of another type.
 */
export function callFragment(value: JsonObject, source: () => JsonSource | undefined): CallFragment | undefined {
	const called = isObject(value.function) ? value.function : {};
	const args = argumentsOf(called.arguments, () => source()?.member("function")?.member("arguments"));
	if (args === undefined) return undefined;
	return { index: indexOf(value.index), id: idOf(value.id), name: textOf(called.name), args };
}

/** Returns arguments as text: text as it is, an object as it is written in `source`, nothing as no text. `undefined` for another type. */
export function argumentsOf(value: unknown, source: () => JsonSource | undefined): string | undefined {
	if (value === undefined || value === null) return "";
	if (typeof value === "string") return value;
	return isObject(value) ? String(source() ?? JSON.stringify(value)) : undefined;
}

/** Returns an id, which some servers send as a number. */
export function idOf(value: unknown): string | undefined {
	return typeof value === "number" ? String(value) : textOf(value);
}
