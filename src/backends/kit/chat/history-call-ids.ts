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

/**
 * Returns the conversation with an id for each call that no earlier call has. The results of a call follow it. The ids depend only on
 * earlier messages, so the beginning of a conversation stays equal from request to request.
 *
 * @param form Form of the ids. The default is any. An id of another form becomes a digest of itself, the made-up ones too.
 */
export function withUniqueCallIds(messages: readonly cchat.Message[], form?: CallIdForm): readonly cchat.Message[] {
	if (!messages.some(({ role, tool_calls }) => role === "tool" || tool_calls.length > 0)) return messages;
	const formed = (id: string): string => (form === undefined || form.pattern.test(id) ? id : digest(form, id));
	const taken = new Set<string>();
	const repetitions = new Map<string, number>();
	const unique = (id: string): string => {
		let candidate = id === "" ? "" : formed(id);
		while (candidate === "" || taken.has(candidate)) {
			const count = (repetitions.get(id) ?? 1) + 1;
			repetitions.set(id, count);
			candidate = formed(`${id === "" ? "call" : id}_${count}`);
		}
		taken.add(candidate);
		return candidate;
	};
	let ids = new Map<string, string>();
	return messages.map((message) => {
		if (message.role === "tool") {
			const id = ids.get(message.tool_call_id ?? "");
			return id === undefined ? message : { ...message, tool_call_id: id };
		}
		if (message.tool_calls.length === 0) return message;
		ids = new Map(message.tool_calls.map(({ id }) => [id, unique(id)]));
		return { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, id: ids.get(call.id) ?? call.id })) };
	});
}

/** Returns an id in a form, the same in every request of a conversation. */
function digest({ prefix, length }: CallIdForm, id: string): string {
	const text = createHash("sha512").update(id).digest("base64url").replace(/[-_]/g, "");
	return prefix + text.slice(0, length);
}
