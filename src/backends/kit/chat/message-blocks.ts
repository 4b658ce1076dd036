/**
 * Content of messages for vendors whose messages are lists of blocks: texts, media, calls and their results, and blocks that only the
 * provider understands.
 */
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { textsOf, userParts } from "./role-parts.ts";

/** Makes a vendor's blocks. `path` names a part in errors. */
export interface BlockForm<B> {
	text(text: string): B;
	image(part: cchat.ImagePart, path: string): B;
	file(part: cchat.FilePart, path: string): B;
	/** Absent: the vendor takes no audio. */
	readonly audio?: (part: cchat.AudioPart, path: string) => B;
	call(call: cchat.ToolCall): B;
	/** Name of the upstream in opaque parts. `undefined`: opaque parts are not returned. */
	readonly provider: string | undefined;
	/** Returns the block in an opaque part of the provider. `undefined` for a block that may not go back. */
	returned(part: types.OpaquePart, path: string): B | undefined;
}

/**
 * Returns the blocks of a user message.
 *
 * @throws SpearError `invalid_request` for a part that the vendor does not accept, and for a message without any content;
 * `missing_capabilities` for audio.
 */
export function userBlocks<B>(message: cchat.Message, path: string, form: BlockForm<B>): B[] {
	const { audio } = form;
	return userParts<B>(message, path, {
		text: (text) => textBlock(text, form),
		image: (part, at) => [form.image(part, at)],
		file: (part, at) => [form.file(part, at)],
		...(audio === undefined ? {} : { audio: (part, at) => [audio(part, at)] }),
	});
}

/** Returns the blocks of an assistant message. An empty list if nothing remains that the upstream can receive. */
export function assistantBlocks<B>({ content, tool_calls }: cchat.Message, path: string, form: BlockForm<B>): B[] {
	const returned = (part: types.OpaquePart | undefined, at: string): B[] => {
		const block = part !== undefined && part.provider === form.provider ? form.returned(part, at) : undefined;
		return block === undefined ? [] : [block];
	};
	const blocks = content.flatMap((part, index): B[] => {
		const at = `${path}.content[${index}]`;
		switch (part.type) {
			case "text":
				return textBlock(part.text, form);
			case "refusal":
				return textBlock(part.refusal, form);
			case "reasoning":
				return returned(part.reasoning.sealed, `${at}.reasoning.sealed`);
			case "opaque":
				return returned(part.opaque, `${at}.opaque`);
			case "annotation":
				return [];
			default:
				throw wrong(at, `an assistant message cannot have a part of type ${part.type}`);
		}
	});
	return [...blocks, ...tool_calls.map((call) => form.call(call))];
}

/** Returns the texts of a message that can hold nothing else. */
export function textBlocks<B>(message: cchat.Message, path: string, form: Pick<BlockForm<B>, "text">): B[] {
	return textsOf(message, path).flatMap((text) => textBlock(text, form));
}

/** Returns the block of a text. The vendors refuse texts that hold nothing but white space. */
function textBlock<B>(text: string, form: Pick<BlockForm<B>, "text">): B[] {
	return /\S/.test(text) ? [form.text(text)] : [];
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
