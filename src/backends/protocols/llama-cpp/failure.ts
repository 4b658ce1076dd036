import { SpearError } from "../../../errors/spear-error.ts";

/** Thrown from within the library when an answer has filled the context. The library would drop the oldest messages instead. */
export class ContextFullError extends Error {
	override readonly name = "ContextFullError";
}

/** Text of the library's error for a grammar that llama.cpp refuses: that of a schema of the request. */
const REFUSED_GRAMMAR = /parse grammar/;

/**
 * Returns the error of a failed evaluation. The library's own message may name files and memory sizes of the machine, so it stays in the
 * cause.
 *
 * @param what The failed activity, as the subject of the message.
 */
export function evaluationError(thrown: unknown, what: string): SpearError {
	if (thrown instanceof SpearError) return thrown;
	if (thrown instanceof Error && REFUSED_GRAMMAR.test(thrown.message)) return refusedGrammar(thrown);
	return new SpearError("backend_error", `${what} failed; the host's log has the reason`, { cause: thrown });
}

/** Returns the error of a request whose schemas are too large for a grammar, or refer to themselves without an end. */
export function refusedGrammar(cause: unknown): SpearError {
	return new SpearError("invalid_request", "the schemas of the answer and the tools make no grammar; use smaller and simpler ones", {
		cause,
	});
}

/** Returns the error of a request that does not fit into the context. `path` names the member that is too long. */
export function contextOverflow(path: string, contextSize: number): SpearError {
	return new SpearError("invalid_request", `${path}: the context of the model holds ${contextSize} tokens, and it has more; send less`);
}

/** Most characters of a request for each token of the context. Real text has four or five. A longer request is refused unread. */
export const MAX_CHARACTERS_PER_TOKEN = 16;
