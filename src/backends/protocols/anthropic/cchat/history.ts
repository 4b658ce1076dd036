import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { checkAnswerable, type RoleWriters, withoutLast, writeConversation } from "../../../kit/chat/conversation.ts";
import type { CallIdForm } from "../../../kit/chat/history-call-ids.ts";
import { assistantBlocks, userBlocks } from "../../../kit/chat/message-blocks.ts";
import { addTurn } from "../../../kit/chat/turns.ts";
import type { AnthropicOptions } from "../options.ts";
import type { Block, Message, MessagesRequest, TextBlock } from "./api.ts";
import { blockForm, systemBlocks, toolResult } from "./message.ts";
import { isThinking } from "./opaque.ts";

/** The API accepts letters, digits, `_` and `-`. */
const CALL_IDS: CallIdForm = { pattern: /^[\w-]+$/, prefix: "call_", length: 24 };

/**
 * Returns the conversation in the upstream's form: the system messages apart, and consecutive messages of a role as one. Results of
 * tools come first in the user message after the calls, as the API demands, because only a result can follow a call.
 *
 * @throws SpearError `invalid_request`; `missing_capabilities` for a conversation that holds nothing else than system messages.
 */
export function history(conversation: readonly cchat.Message[], options: AnthropicOptions): Pick<MessagesRequest, "messages" | "system"> {
	const messages: Message[] = [];
	const system: TextBlock[] = [];
	let later: TextBlock[] = [];
	/** Adds the later system messages. The API accepts them between the messages of the user and the answer. */
	const addLater = (): void => {
		if (later.length > 0) messages.push({ role: "system", content: later });
		later = [];
	};
	const add = (role: "user" | "assistant", blocks: Block[]): void => {
		if (blocks.length > 0 && role === "assistant" && messages.at(-1)?.role === "user") addLater();
		addTurn(messages, role, blocks);
	};
	const form = blockForm(options);
	const writers: RoleWriters = {
		system(message, path) {
			const target = options.chat.inlineSystem && messages.length > 0 ? later : system;
			for (const block of systemBlocks(message, path)) target.push(block);
		},
		user: (message, path) => add("user", userBlocks(message, path, form)),
		tool: (message, path) => add("user", [toolResult(message, path)]),
		assistant: (message, path) => add("assistant", withoutLast(assistantBlocks(message, path, form), isThinking)),
	};
	writeConversation(conversation, writers, CALL_IDS);
	if (messages.at(-1)?.role === "user") addLater();
	for (const block of later) system.push(block); // No place within the conversation.
	checkAnswerable(messages);
	return { messages, ...(system.length === 0 ? {} : { system }) };
}
