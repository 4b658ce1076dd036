import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { textsOf, userParts } from "../../../kit/chat/role-parts.ts";
import { argumentsObject } from "../../../kit/http/call-arguments.ts";
import type { AnthropicOptions } from "../options.ts";
import type { Block, TextBlock, ToolResultBlock, ToolUseBlock } from "./api.ts";
import { documentBlock, imageBlock } from "./media.ts";
import { isThinking, returnedBlock } from "./opaque.ts";

/** Returns the texts of a message whose role allows nothing else. `path` names the message in errors. */
export function textBlocks(message: cchat.Message, path: string): TextBlock[] {
	return textsOf(message, path).flatMap(textBlock);
}

/**
 * Returns the blocks of a user message.
 *
 * @throws SpearError `invalid_request` for a part that the API does not accept, and for a message without any content.
 */
export function userBlocks(message: cchat.Message, path: string): Block[] {
	return userParts<Block>(message, path, {
		text: textBlock,
		image: (image, at) => [imageBlock(image, at)],
		file: (file, at) => [documentBlock(file, at)],
	});
}

/** Returns the blocks of an assistant message. An empty list if nothing remains that the upstream can receive. */
export function assistantBlocks(message: cchat.Message, path: string, { chat }: Pick<AnthropicOptions, "chat">): Block[] {
	const returned = (part: types.OpaquePart, at: string): Block[] => {
		const block = chat.sendOpaque && part.provider === chat.provider ? returnedBlock(part, at) : undefined;
		return block === undefined ? [] : [block];
	};
	const said = message.content.flatMap((part, index): Block[] => {
		const at = `${path}.content[${index}]`;
		switch (part.type) {
			case "text":
				return textBlock(part.text);
			case "refusal":
				return textBlock(part.refusal);
			case "reasoning":
				return part.reasoning.sealed === undefined ? [] : returned(part.reasoning.sealed, `${at}.reasoning.sealed`);
			case "opaque":
				return returned(part.opaque, `${at}.opaque`);
			case "annotation":
				return [];
			default:
				throw wrong(at, `an assistant message cannot have a part of type ${part.type}`);
		}
	});
	const blocks: Block[] = [...said, ...message.tool_calls.map(toolUse)];
	// The API refuses a message that ends with thinking, such as an answer whose length limit was used up by it.
	return blocks.slice(0, blocks.findLastIndex((block) => !isThinking(block)) + 1);
}

/** Returns the result of a tool call. */
export function toolResult(message: cchat.Message, path: string): ToolResultBlock {
	const { tool_call_id, is_error } = message;
	if (tool_call_id === undefined) throw wrong(`${path}.tool_call_id`, "a tool message must name the tool call that it answers");
	const blocks = textBlocks(message, path);
	const [only] = blocks;
	const said =
		blocks.length === 1 && only !== undefined ? only.text : blocks.length > 0 ? blocks : is_error ? "the tool failed" : undefined;
	return {
		type: "tool_result",
		tool_use_id: tool_call_id,
		...(said === undefined ? {} : { content: said }),
		...(is_error === true ? { is_error } : {}),
	};
}

function toolUse({ id, name, arguments: args }: cchat.ToolCall): ToolUseBlock {
	return { type: "tool_use", id, name, input: argumentsObject(args) };
}

/** Returns the block of a text. The API refuses texts that hold nothing but white space. */
function textBlock(text: string): TextBlock[] {
	return /\S/.test(text) ? [{ type: "text", text }] : [];
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
