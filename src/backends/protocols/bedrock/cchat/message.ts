import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answeredCall } from "../../../kit/chat/conversation.ts";
import { type BlockForm, textBlocks } from "../../../kit/chat/message-blocks.ts";
import { argumentsObject } from "../../../kit/http/call-arguments.ts";
import type { BedrockOptions } from "../options.ts";
import type { Block, TextBlock } from "./api.ts";
import { DocumentNames } from "./document-names.ts";
import { audioBlock, documentBlock, imageBlock } from "./media.ts";
import { returned } from "./opaque.ts";

const TEXT = { text: (text: string): TextBlock => ({ text }) };

/** Returns the maker of the blocks of one conversation. */
export function blockForm({ chat }: Pick<BedrockOptions, "chat">): BlockForm<Block> {
	const names = new DocumentNames();
	return {
		...TEXT,
		image: imageBlock,
		audio: audioBlock,
		file: (part, path) => documentBlock(part, path, names),
		call: (call) => ({ toolUse: { toolUseId: call.id, name: call.name, input: argumentsObject(call.arguments) } }),
		provider: chat.sendOpaque ? chat.provider : undefined,
		returned,
	};
}

/** Returns the result of a tool call. */
export function toolResult(message: cchat.Message, path: string): Block {
	const isError = message.is_error === true;
	const toolUseId = answeredCall(message, path);
	const texts = systemTexts(message, path);
	const content = texts.length > 0 ? texts : [{ text: isError ? "the tool failed" : "the tool returned nothing" }];
	return { toolResult: { toolUseId, content, ...(isError ? { status: "error" } : {}) } };
}

/** Returns the texts of a message that can hold nothing else. */
export function systemTexts(message: cchat.Message, path: string): TextBlock[] {
	return textBlocks(message, path, TEXT);
}
