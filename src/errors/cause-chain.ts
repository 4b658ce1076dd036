import { shorten } from "../formats/shorten.ts";

/** Bounds the causes that a chain names. */
const MAX_CAUSES = 8;

/** Longest chain, in characters. */
const MAX_LENGTH = 2_000;

/**
 * Returns the messages of an error and of its causes in one line, joined by colons, for the host's log. An expected failure is logged with
 * it instead of a stack.
 */
export function causeChain(error: unknown): string {
	const messages: string[] = [];
	let next: unknown = error;
	for (let depth = 0; depth < MAX_CAUSES && next !== undefined && next !== null; depth++) {
		const message = next instanceof Error ? next.message || next.name : String(next);
		// Some errors repeat the message of their cause.
		if (!messages.some((earlier) => earlier.includes(message))) messages.push(message);
		next = next instanceof Error ? next.cause : undefined;
	}
	return shorten(messages.join(": "), MAX_LENGTH);
}
