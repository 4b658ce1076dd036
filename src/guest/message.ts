import type { ContentPart, Message, ToolCall } from "spear:ai/cchat@0.1.0";
import { wellFormed } from "./text.ts";

/** Content of a message: text, or parts such as `{ tag: "image", val: … }`. */
export type Content = string | readonly ContentPart[];

/** Returns a message of the user. */
export function user(content: Content): Message {
	return message("user", content);
}

/** Returns instructions that frame the conversation. */
export function system(content: Content): Message {
	return message("system", content);
}

/** Returns an earlier answer of the model, for a conversation that continues. */
export function assistant(content: Content): Message {
	return message("assistant", content);
}

/** Returns the text of a message: its text parts, joined. */
export function textOf(from: Message): string {
	return from.content.map((part) => (part.tag === "text" ? part.val : "")).join("");
}

/** Returns the tool calls of a message. */
export function toolCallsOf(from: Message): readonly ToolCall[] {
	return from.toolCalls ?? [];
}

function message(role: Message["role"], content: Content): Message {
	return { role, content: typeof content === "string" ? [{ tag: "text", val: wellFormed(content) }] : [...content] };
}
