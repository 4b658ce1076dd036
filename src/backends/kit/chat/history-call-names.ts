import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Names that a tool can have, by the ABI. Every vendor accepts them, except that those of Gemini begin with a letter or `_`. */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Longest name, in characters. */
const MAX_LENGTH = 64;

/**
 * Returns the conversation with names of calls that a tool could have. Models call tools that the request does not offer, by names such as
 * `browser.open`. Vendors refuse each later request of a conversation with such a name, so its other characters become `_`.
 */
export function withCallNames(messages: readonly cchat.Message[]): readonly cchat.Message[] {
	if (!messages.some(({ tool_calls }) => tool_calls.length > 0)) return messages;
	return messages.map((message) =>
		message.tool_calls.every(({ name }) => TOOL_NAME.test(name))
			? message
			: { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, name: toolName(call.name) })) },
	);
}

function toolName(name: string): string {
	return name.slice(0, MAX_LENGTH).replace(/[^A-Za-z0-9_-]/g, "_") || "_";
}
