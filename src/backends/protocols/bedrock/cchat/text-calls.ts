import type * as cchat from "../../../../../generated/ir/cchat.ts";

/**
 * Returns the conversation with tool calls and their results as texts. The API refuses blocks for them in a request that offers no tools.
 *
 * @see https://github.com/nearai/ironclaw/issues/1629
 */
export function callsAsText(messages: readonly cchat.Message[]): readonly cchat.Message[] {
	const names = new Map<string, string>();
	return messages.map((message) => {
		if (message.role === "tool" && message.tool_call_id !== undefined) return resultAsText(message, names.get(message.tool_call_id));
		for (const { id, name } of message.tool_calls) names.set(id, name);
		if (message.role !== "assistant" || message.tool_calls.length === 0) return message;
		const calls = message.tool_calls.map(({ name, arguments: args }) =>
			textPart(`[I called the tool ${name} with ${args.trim() || "{}"}]`),
		);
		return { ...message, content: [...message.content, ...calls], tool_calls: [] };
	});
}

function resultAsText({ content, is_error }: cchat.Message, name: string | undefined): cchat.Message {
	const tool = name === undefined ? "a tool" : `the tool ${name}`;
	return { role: "user", content: [textPart(`[${is_error === true ? "Error" : "Result"} of ${tool}]`), ...content], tool_calls: [] };
}

function textPart(text: string): cchat.ContentPart {
	return { type: "text", text };
}
