import { SpearError } from "../../../errors/spear-error.ts";
import { guestText } from "../../../redaction/guest-text.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";
import { FINISH_REASONS } from "./cchat/finish-reason.ts";
import { filterWords, reasonOf, spoiledError } from "./stopped.ts";

/** Media of an answer. */
export interface InlineData {
	readonly mimeType: string;
	readonly base64: string;
}

/** Returns the candidate of a response. An empty object if it has none. */
function candidateOf({ candidates }: JsonObject): JsonObject {
	const candidate: unknown = Array.isArray(candidates) ? candidates[0] : undefined;
	return isObject(candidate) ? candidate : {};
}

/** Returns the media of a response. Drafts that the model made while it thought are left out. */
export function inlineDataOf(response: JsonObject): InlineData[] {
	return partsOf(response).flatMap(({ inlineData, thought }) => {
		const base64 = isObject(inlineData) && thought !== true ? textOf(inlineData.data) : undefined;
		return base64 === undefined || !isObject(inlineData) ? [] : [{ base64, mimeType: textOf(inlineData.mimeType) ?? "" }];
	});
}

/** Returns the reason for the end of an answer. `undefined` for a response that is not the last. */
export function finishReasonOf(response: JsonObject): string | undefined {
	return reasonOf(candidateOf(response).finishReason) ?? (isBlocked(response) ? "SAFETY" : undefined);
}

/**
 * Returns the error for an answer without media: a filter stopped it, or the model wrote a text instead.
 *
 * @param what Kind of the media.
 */
export function noMediaError(exchange: Exchange, response: JsonObject, what: "image" | "audio"): SpearError {
	if (finishReasonOf(response) === undefined) return malformedError(exchange, "it has no candidate with a finishReason");
	const candidate = candidateOf(response);
	const reason = reasonOf(candidate.finishReason) ?? "";
	const spoiled = spoiledError(exchange, reason, textOf(candidate.finishMessage));
	if (spoiled !== undefined) return spoiled;
	const stopped = isBlocked(response)
		? filterWords("prompt", isObject(response.promptFeedback) ? response.promptFeedback : {})
		: FINISH_REASONS.get(reason) === "content_filter"
			? filterWords("answer", candidate)
			: undefined;
	if (stopped !== undefined) return new SpearError("invalid_request", guestText(stopped, exchange), { processed: "yes" });
	const said = partsOf(response).map(({ text }) => textOf(text) ?? "");
	const words = textOf(candidate.finishMessage) ?? textOf(said.join(""));
	const detail = words === undefined ? "" : `: ${guestText(words, exchange)}`;
	return new SpearError("backend_error", `the model made no ${what}${detail}`, {
		retryable: true,
		attribution: "request",
		processed: "yes",
	});
}

function partsOf(response: JsonObject): readonly JsonObject[] {
	const { content } = candidateOf(response);
	return isObject(content) && Array.isArray(content.parts) ? content.parts.filter(isObject) : [];
}

function isBlocked({ promptFeedback }: JsonObject): boolean {
	return isObject(promptFeedback) && reasonOf(promptFeedback.blockReason) !== undefined;
}
