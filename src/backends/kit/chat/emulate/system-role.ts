import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { withPayload } from "./with-payload.ts";

/** Text between the instructions and the message that they are merged into. */
const BREAK = "\n\n";

/** Returns a backend whose upstream has no system role. */
export function withoutSystemRole(backend: ChatCompletionsBackend): ChatCompletionsBackend {
	return withPayload(backend, (payload) => ({ ...payload, messages: mergeSystemMessages(payload.messages) }));
}

/**
 * Returns the conversation without system messages. Instructions stay where they stood: they become the beginning of the user message that
 * follows. If another message follows, or none, they become a user message of their own.
 *
 * @throws SpearError `invalid_request` for a system message with other parts than text.
 */
export function mergeSystemMessages(messages: readonly cchat.Message[]): cchat.Message[] {
	const merged: cchat.Message[] = [];
	let instructions: string[] = [];
	const flush = (): void => {
		if (instructions.length > 0) merged.push({ role: "user", content: [{ type: "text", text: instructions.join(BREAK) }], tool_calls: [] });
		instructions = [];
	};
	for (const [index, message] of messages.entries()) {
		if (message.role === "system") {
			instructions.push(...textsOf(message, index));
		} else if (message.role === "user" && instructions.length > 0) {
			merged.push({ ...message, content: prefixed(instructions.join(BREAK), message.content) });
			instructions = [];
		} else {
			flush();
			merged.push(message);
		}
	}
	flush();
	return merged;
}

/** Adds a text in front. A first text is extended, because some upstreams accept only messages of a single text. */
function prefixed(text: string, content: readonly cchat.ContentPart[]): cchat.ContentPart[] {
	const [first, ...rest] = content;
	if (first?.type === "text") return [{ type: "text", text: `${text}${BREAK}${first.text}` }, ...rest];
	return [{ type: "text", text }, ...content];
}

function textsOf({ content }: cchat.Message, index: number): string[] {
	return content.map((part, place) => {
		if (part.type === "text") return part.text;
		throw new SpearError(
			"invalid_request",
			`messages[${index}].content[${place}]: a system message cannot have a part of type ${part.type}`,
		);
	});
}
