import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answeredCall } from "../../../kit/chat/conversation.ts";
import { type BlockForm, textBlocks } from "../../../kit/chat/message-blocks.ts";
import { argumentsObject } from "../../../kit/http/call-arguments.ts";
import type { AnthropicOptions } from "../options.ts";
import type { Block, TextBlock, ToolResultBlock } from "./api.ts";
import { documentBlock, imageBlock } from "./media.ts";
import { returned } from "./opaque.ts";

const TEXT = { text: (text: string): TextBlock => ({ type: "text", text }) };

/** Returns the maker of the blocks. */
export function blockForm({ chat }: Pick<AnthropicOptions, "chat">): BlockForm<Block> {
	return {
		...TEXT,
		image: imageBlock,
		file: documentBlock,
		call: (call) => ({ type: "tool_use", id: call.id, name: call.name, input: argumentsObject(call.arguments) }),
		provider: chat.sendOpaque ? chat.provider : undefined,
		returned,
	};
}

/** Returns the texts of a message that can hold nothing else. */
export function systemBlocks(message: cchat.Message, path: string): TextBlock[] {
	return textBlocks(message, path, TEXT);
}

/** Returns the result of a tool call. */
export function toolResult(message: cchat.Message, path: string): ToolResultBlock {
	const { is_error } = message;
	const tool_use_id = answeredCall(message, path);
	const blocks = systemBlocks(message, path);
	const [only] = blocks;
	const said =
		blocks.length === 1 && only !== undefined ? only.text : blocks.length > 0 ? blocks : is_error ? "the tool failed" : undefined;
	return {
		type: "tool_result",
		tool_use_id,
		...(said === undefined ? {} : { content: said }),
		...(is_error === true ? { is_error } : {}),
	};
}
