import { createHash } from "node:crypto";
import type * as cchat from "../../../../../generated/ir/cchat.ts";

/**
 * Returns the id of a tool call in the form that the API accepts: letters, digits, `_` and `-`. Ids of other vendors may have other
 * characters. Such an id becomes a digest of itself, so that it is the same in every request of the conversation.
 */
export function upstreamCallId(id: string): string {
	return /^[\w-]+$/.test(id) ? id : `call_${createHash("sha256").update(id).digest("base64url").slice(0, 24)}`;
}

/** Returns the conversation with ids that the API accepts. */
export function withUpstreamCallIds(messages: readonly cchat.Message[]): readonly cchat.Message[] {
	return messages.map((message) => ({
		...message,
		tool_calls: message.tool_calls.map((call) => ({ ...call, id: call.id === "" ? "" : upstreamCallId(call.id) })),
		...(message.tool_call_id === undefined || message.tool_call_id === "" ? {} : { tool_call_id: upstreamCallId(message.tool_call_id) }),
	}));
}
