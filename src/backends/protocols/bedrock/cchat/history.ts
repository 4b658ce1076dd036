import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { checkAnswerable, type RoleWriters, withoutLast, writeConversation } from "../../../kit/chat/conversation.ts";
import type { CallIdForm } from "../../../kit/chat/history-call-ids.ts";
import { assistantBlocks, userBlocks } from "../../../kit/chat/message-blocks.ts";
import { addTurn } from "../../../kit/chat/turns.ts";
import type { BedrockOptions } from "../options.ts";
import type { Block, CachePoint, ConverseRequest, Message, SystemBlock } from "./api.ts";
import { blockForm, systemTexts, toolResult } from "./message.ts";
import { isReasoning } from "./opaque.ts";
import { callsAsText } from "./text-calls.ts";

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html */
const CALL_IDS: CallIdForm = { pattern: /^[\w-]{1,64}$/, prefix: "call_", length: 24 };

/**
 * Returns the conversation in the upstream's form: the system messages apart, and consecutive messages of a role as one. Results of
 * tools come first in the user message after the calls, because only a result can follow a call.
 *
 * @param hasTools False: calls and results become texts, because the API refuses them in a request without tools.
 * @throws SpearError `invalid_request`; `missing_capabilities` for a conversation that holds nothing else than system messages.
 */
export function history(
	conversation: readonly cchat.Message[],
	options: Pick<BedrockOptions, "chat">,
	hasTools: boolean,
): Pick<ConverseRequest, "messages" | "system"> {
	const messages: Message[] = [];
	const system: SystemBlock[] = [];
	const form = blockForm(options);
	const writers: RoleWriters = {
		system(message, path) {
			for (const block of systemTexts(message, path)) system.push(block);
		},
		user: (message, path) => addTurn(messages, "user", userBlocks(message, path, form)),
		tool: (message, path) => addTurn(messages, "user", [toolResult(message, path)]),
		assistant: (message, path) => addTurn(messages, "assistant", withoutLast(assistantBlocks(message, path, form), isReasoning)),
	};
	writeConversation(hasTools ? conversation : callsAsText(conversation), writers, CALL_IDS);
	checkAnswerable(messages);
	for (const { role, content } of messages) if (role === "user") checkDocuments(content);
	addCachePoints(messages, system, options);
	return { messages, ...(system.length === 0 ? {} : { system }) };
}

/**
 * Checks that a message with a document has a text.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
 */
function checkDocuments(blocks: readonly Block[]): void {
	const has = (member: string): boolean => blocks.some((block) => !(block instanceof RawJson) && member in block);
	if (has("document") && !has("text"))
		throw new SpearError("invalid_request", "messages: this backend needs a text in each message with a file; write what to do with it");
}

/**
 * Adds the ends of the parts that the prompt cache keeps: the tools and the system messages, and the conversation.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
function addCachePoints(
	messages: readonly Message[],
	system: SystemBlock[],
	{ chat: { promptCache } }: Pick<BedrockOptions, "chat">,
): void {
	if (promptCache === undefined) return;
	const point = (): CachePoint => ({ cachePoint: { type: "default", ...(promptCache === "default" ? {} : { ttl: promptCache }) } });
	if (system.length > 0) system.push(point());
	messages.findLast(({ role }) => role === "user")?.content.push(point());
}
