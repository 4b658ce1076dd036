import { inspect } from "node:util";
import { ensure } from "./same.ts";

/** Longest chain of causes that is searched. */
const MAX_CAUSES = 20;

/**
 * Asserts that no text of an error holds the key: its message, its JSON, its causes.
 *
 * @param thorough Searches the stack and hidden members too, which takes about a millisecond.
 */
export function ensureKeyAbsent(error: unknown, key: string | undefined, thorough: boolean): void {
	if (key === undefined) return;
	let link: unknown = error;
	for (let depth = 0; link !== undefined && depth < MAX_CAUSES; depth++) {
		for (const text of textsOf(link, thorough)) ensure(!text.includes(key), `an error shows the key: ${text.slice(0, 500)}`);
		link = link instanceof Error ? link.cause : undefined;
	}
}

/** Asserts that no event before an error holds the key. */
export function ensureKeyAbsentInEvents(events: readonly unknown[], key: string | undefined): void {
	ensure(key === undefined || !JSON.stringify(events).includes(key), "an event shows the key");
}

function textsOf(value: unknown, thorough: boolean): string[] {
	const texts = [String(value), JSON.stringify(value) ?? ""];
	if (!thorough) return texts;
	texts.push(inspect(value, { depth: 12, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null }));
	return value instanceof Error ? [...texts, value.stack ?? ""] : texts;
}
