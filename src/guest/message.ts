import type { ContentPart, Message, ToolCall } from "spear:ai/cchat@0.1.0";
import { wellFormed } from "./text.ts";

/** What may stand for a message's content: text, or parts such as `{ tag: "image", val: … }`. */
export type Content = string | readonly ContentPart[];

/** A message of the user. */
export function user(content: Content): Message {
	return message("user", content);
}

/** Instructions that frame the conversation. */
export function system(content: Content): Message {
	return message("system", content);
}

/** An earlier answer of the model, to continue from. */
export function assistant(content: Content): Message {
	return message("assistant", content);
}

/** The text of a message, its parts joined. */
export function textOf(from: Message): string {
	return from.content.map((part) => (part.tag === "text" ? part.val : "")).join("");
}

/** The tools a message asks for. */
export function toolCallsOf(from: Message): readonly ToolCall[] {
	return from.toolCalls ?? [];
}

function message(role: Message["role"], content: Content): Message {
	return { role, content: typeof content === "string" ? [{ tag: "text", val: wellFormed(content) }] : [...content] };
}
