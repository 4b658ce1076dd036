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
	for (let depth = 0; depth < MAX_CAUSES && (depth === 0 || (next !== undefined && next !== null)); depth++) {
		const { message, cause } = read(next);
		// Some errors repeat the message of their cause.
		if (!messages.some((earlier) => earlier.includes(message))) messages.push(message);
		next = cause;
	}
	return shorten(messages.join(": "), MAX_LENGTH);
}

/** Returns the message and the cause of a thrown value. Code of others may throw anything, such as an object without a text. */
function read(thrown: unknown): { readonly message: string; readonly cause: unknown } {
	const message = attempted(() => (thrown instanceof Error ? String(thrown.message || thrown.name) : String(thrown)));
	return { message: message ?? "a value without a text", cause: attempted(() => (thrown instanceof Error ? thrown.cause : undefined)) };
}

function attempted<T>(run: () => T): T | undefined {
	try {
		return run();
	} catch {
		return undefined;
	}
}
