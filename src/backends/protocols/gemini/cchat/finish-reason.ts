import type { FinishMeaning } from "../../../kit/chat/finish-reason.ts";

/**
 * Meaning of the finish reasons. Absent ones mean `other`.
 *
 * @see https://ai.google.dev/api/generate-content#FinishReason
 */
export const FINISH_REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	["STOP", "stop"],
	["MAX_TOKENS", "length"],
	// The limit of one request. The API can continue such an answer, but not as one response.
	["CONTINUATION", "length"],
	["SAFETY", "content_filter"],
	["RECITATION", "content_filter"],
	["BLOCKLIST", "content_filter"],
	["PROHIBITED_CONTENT", "content_filter"],
	["SPII", "content_filter"],
	["LANGUAGE", "content_filter"],
	["IMAGE_SAFETY", "content_filter"],
	["IMAGE_PROHIBITED_CONTENT", "content_filter"],
	["IMAGE_RECITATION", "content_filter"],
	["MODEL_ARMOR", "content_filter"],
	["ESCALATION", "content_filter"],
	["PUP_LIMITED_DISABLED", "content_filter"],
]);
