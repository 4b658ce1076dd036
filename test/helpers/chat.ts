import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";

/** Returns a message of plain text. */
export function message(role: cchat.Role, text: string): cchat.Message {
	return { role, content: [{ type: "text", text }], tool_calls: [] };
}

/** Returns a chat request with `text` as the message of the user. */
export function chatRequest(more: Partial<cchat.Request> = {}): cchat.Request {
	return { messages: [message("user", "hello")], tools: [], ...more };
}

/** Returns a model's answer of `text`. */
export function chatResponse(text: string, more: Partial<cchat.Response> = {}): cchat.Response {
	return { model: "m", message: message("assistant", text), finish_reason: "stop", ...more };
}

/** Returns a normalized chat request. */
export function chatEnvelope(more: Partial<RequestEnvelope<"chat_completions">> = {}): RequestEnvelope<"chat_completions"> {
	return {
		version: 1,
		request_id: "r1",
		operation: "chat_completions",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: ["unary"] },
		payload: chatRequest(),
		provider_options: {},
		...more,
	};
}
