import { createHash } from "node:crypto";
import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Form of the ids of tool calls that a vendor accepts. */
export interface CallIdForm {
	/** Matches an id that the vendor accepts. */
	readonly pattern: RegExp;
	/** Beginning of an id that replaces another. */
	readonly prefix: string;
	/** Letters and digits after the prefix, at most 32. */
	readonly length: number;
}

/** Returns an id in a form. An id of another form becomes a digest of itself, so that it is the same in every request of a conversation. */
function callIdIn({ pattern, prefix, length }: CallIdForm, id: string): string {
	if (pattern.test(id)) return id;
	const digest = createHash("sha512").update(id).digest("base64url").replace(/[-_]/g, "");
	return prefix + digest.slice(0, length);
}

/** Returns the conversation with ids of tool calls in a form. Ids that are empty stay. */
export function withCallIdsIn(form: CallIdForm, messages: readonly cchat.Message[]): readonly cchat.Message[] {
	const mapped = (id: string): string => (id === "" ? "" : callIdIn(form, id));
	return messages.map((message) => ({
		...message,
		tool_calls: message.tool_calls.map((call) => ({ ...call, id: mapped(call.id) })),
		...(message.tool_call_id === undefined ? {} : { tool_call_id: mapped(message.tool_call_id) }),
	}));
}
