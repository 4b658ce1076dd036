import { SpearError } from "../../../errors/spear-error.ts";
import { guestText } from "../../../redaction/guest-text.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";

/**
 * Reasons of an answer that the model has spoiled, in words. The same request may succeed later.
 *
 * @see https://github.com/googleapis/python-genai/issues/1836
 */
const SPOILED: ReadonlyMap<string, string> = new Map([
	["MALFORMED_FUNCTION_CALL", "the model wrote a tool call that cannot be read"],
	["UNEXPECTED_TOOL_CALL", "the model called a tool that the request does not have"],
	["MALFORMED_RESPONSE", "the model wrote an answer that cannot be read"],
]);

/** Returns a reason of the API. `undefined` for the word by which the API writes that there is none. */
export function reasonOf(value: unknown): string | undefined {
	const reason = textOf(value);
	return reason?.endsWith("_UNSPECIFIED") === true ? undefined : reason;
}

/** Returns the error for an answer that holds nothing of use, by its finish reason; `undefined` for other reasons. */
export function spoiledError(exchange: Exchange, reason: string, message: string | undefined): SpearError | undefined {
	const detail = message === undefined ? "" : `: ${guestText(message, exchange)}`;
	if (reason === "MISSING_THOUGHT_SIGNATURE")
		return new SpearError(
			"invalid_request",
			`messages: a tool call has lost its thought signature; return opaque parts unchanged${detail}`,
		);
	const words = SPOILED.get(reason);
	if (words === undefined) return undefined;
	return new SpearError("backend_error", `${words}${detail}`, { retryable: true, attribution: "request", processed: "yes" });
}

/**
 * Returns the words of a filter: the provider's, or its reason with the categories of harm.
 *
 * @param stopped Candidate that a filter ended, or feedback on a prompt that it blocked.
 */
export function filterWords(what: "prompt" | "answer", stopped: JsonObject): string {
	const words = textOf(stopped.finishMessage) ?? textOf(stopped.blockReasonMessage);
	if (words !== undefined) return words;
	const ratings: readonly unknown[] = Array.isArray(stopped.safetyRatings) ? stopped.safetyRatings : [];
	const categories = ratings.flatMap((rating) => (isObject(rating) && rating.blocked === true ? (textOf(rating.category) ?? []) : []));
	const reason = reasonOf(stopped.finishReason) ?? reasonOf(stopped.blockReason) ?? "OTHER";
	return `the provider's filter stopped the ${what}: ${[reason, ...categories].join(", ")}`;
}
