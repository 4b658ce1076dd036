import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";

/** Returns a minimal envelope with these members of a chat request. */
export function chatEnvelope(
	payload: Partial<cchat.Request> = {},
	provider_options: RequestEnvelope["provider_options"] = {},
): RequestEnvelope<"chat_completions"> {
	return {
		version: 1,
		request_id: "req-1",
		operation: "chat_completions",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload: { messages: [say("user", "Hi")], tools: [], ...payload },
		provider_options,
	};
}

/** Returns a message with one text. */
export function say(role: cchat.Role, text: string, more: Partial<cchat.Message> = {}): cchat.Message {
	return { role, content: [{ type: "text", text }], tool_calls: [], ...more };
}

/** Returns a message with these parts. */
export function parts(role: cchat.Role, ...content: cchat.ContentPart[]): cchat.Message {
	return { role, content, tool_calls: [] };
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const event of events) all.push(event);
	return all;
}
