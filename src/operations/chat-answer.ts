import type * as cchat from "../../generated/ir/cchat.ts";
import { MESSAGE_PARTS } from "./message-parts.ts";

/** Fault of an answer, and the party at fault. */
export interface AnswerFault {
	readonly what: string;
	/** `request` if a feature that the request asked for brought the fault about. */
	readonly attribution: "backend" | "request";
}

/**
 * Returns the first rule of the conversation that an answer breaks. Such a message would make every later request of the conversation
 * invalid.
 */
export function chatAnswerFault({ message }: cchat.Response): AnswerFault | undefined {
	const { role, content, tool_calls, tool_call_id, is_error } = message;
	if (role !== "assistant")
		return { what: `message.role: an answer is an assistant message, not a ${role} message`, attribution: "backend" };
	const index = content.findIndex(({ type }) => !MESSAGE_PARTS.assistant.has(type));
	const part = content[index];
	if (part !== undefined)
		return { what: `message.content[${index}]: an assistant message cannot contain a part of type ${part.type}`, attribution: "backend" };
	if (tool_call_id !== undefined || is_error !== undefined)
		return { what: "message: tool_call_id and is_error belong to tool messages", attribution: "backend" };
	if (tool_calls.length < 2) return undefined;
	const ids = new Set<string>();
	for (const [position, { id }] of tool_calls.entries()) {
		if (ids.has(id))
			return { what: `message.tool_calls[${position}].id: another call of the answer has the same id`, attribution: "request" };
		ids.add(id);
	}
	return undefined;
}
