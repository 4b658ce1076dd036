import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { audioFormatOf } from "../../../kit/chat/audio-formats.ts";
import { historyArguments } from "../../../kit/chat/history-calls.ts";
import { inlineOf, urlOf } from "../../../kit/chat/media.ts";
import type { OpenAiOptions } from "../options.ts";
import type { ChatMessage, ChatPart, ChatText, ChatTextPart, ChatThinkingPart } from "./api.ts";
import { PartReturner } from "./opaque.ts";
import type { ChatQuirks } from "./quirks.ts";

/**
 * Returns a message of the conversation in the upstream's form, or `undefined` for an assistant message without anything that the upstream
 * can receive. `path` names the message in errors, such as `messages[2]`.
 *
 * @throws SpearError `invalid_request` for a part that the role or the upstream does not allow.
 */
export function chatMessage(message: cchat.Message, path: string, options: OpenAiOptions): ChatMessage | undefined {
	const { role, content, tool_calls, tool_call_id, is_error, name, ...rest } = message;
	assertNoFieldsLeft(rest);
	if (role !== "assistant" && tool_calls.length > 0) throw wrong(`${path}.tool_calls`, `a ${role} message cannot have it`);
	if (role !== "tool" && tool_call_id !== undefined) throw wrong(`${path}.tool_call_id`, `a ${role} message cannot have it`);
	if (role !== "tool" && is_error !== undefined) throw wrong(`${path}.is_error`, `a ${role} message cannot have it`);
	const named = name === undefined ? {} : { name };
	switch (role) {
		case "system":
			return { role: options.chat.developerRole ? "developer" : "system", content: textOnly(message, path), ...named };
		case "user":
			return { role, content: userContent(content, path, options.chat.quirks), ...named };
		case "assistant": {
			const said = assistantMessage(message, path, options);
			return said === undefined ? undefined : { ...said, ...named };
		}
		case "tool":
			if (tool_call_id === undefined) throw wrong(`${path}.tool_call_id`, "a tool message must name the tool call that it answers");
			if (name !== undefined) throw wrong(`${path}.name`, "this backend does not accept names of tool messages");
			return { role, content: textOnly(message, path), tool_call_id };
	}
}

function userContent(content: readonly cchat.ContentPart[], path: string, quirks: ChatQuirks): string | ChatPart[] {
	const parts = content.map((part, index) => userPart(part, `${path}.content[${index}]`, quirks));
	if (parts.length === 0) throw wrong(`${path}.content`, "it is empty");
	const [only] = parts;
	return parts.length === 1 && only?.type === "text" ? only.text : parts;
}

function userPart(part: cchat.ContentPart, path: string, { bareAudio = false }: ChatQuirks): ChatPart {
	switch (part.type) {
		case "text":
			return { type: "text", text: part.text };
		case "image": {
			const { source, detail } = part.image;
			if (source.type === "inline" && !/^image\//i.test(source.inline.mime_type))
				throw wrong(`${path}.image.source`, `its media type is "${guestName(source.inline.mime_type)}", which is not the type of an image`);
			const url = urlOf(source, `${path}.image.source`);
			return { type: "image_url", image_url: detail === undefined ? { url } : { url, detail } };
		}
		case "audio": {
			const { mimeType, base64 } = inlineOf(part.audio.source, `${path}.audio.source`);
			if (bareAudio) return { type: "input_audio", input_audio: base64 };
			return { type: "input_audio", input_audio: { data: base64, format: part.audio.format ?? audioFormat(mimeType, path) } };
		}
		case "file": {
			const { mimeType, base64 } = inlineOf(part.file.source, `${path}.file.source`);
			const file_data = `data:${mimeType};base64,${base64}`;
			return { type: "file", file: part.file.filename === undefined ? { file_data } : { filename: part.file.filename, file_data } };
		}
		default:
			throw wrong(path, `a user message cannot have a part of type ${part.type}`);
	}
}

function audioFormat(mimeType: string, path: string): string {
	const format = audioFormatOf(mimeType);
	if (format === undefined)
		throw wrong(`${path}.audio.format`, `it cannot be derived from ${guestName(mimeType)}; name it, e.g. wav or mp3`);
	return format;
}

type AssistantMessage = Extract<ChatMessage, { role: "assistant" }>;

function assistantMessage(message: cchat.Message, path: string, options: OpenAiOptions): AssistantMessage | undefined {
	const texts: (ChatTextPart | ChatThinkingPart | RawJson)[] = [];
	const { sendReasoning, quirks } = options.chat;
	const returner = new PartReturner(path, message.tool_calls.length);
	const returned = (part: types.OpaquePart, place: string): RawJson | undefined =>
		options.chat.sendOpaque && part.provider === options.chat.provider ? returner.add(part, place) : undefined;
	const refusals: string[] = [];
	const reasoning: string[] = [];
	for (const [index, part] of message.content.entries()) {
		if (part.type === "text") {
			if (part.text !== "") texts.push({ type: "text", text: part.text });
		} else if (part.type === "refusal") refusals.push(part.refusal);
		else if (part.type === "reasoning") {
			if (sendReasoning && quirks.thinkingItems === true)
				texts.push({ type: "thinking", thinking: [{ type: "text", text: part.reasoning.text }] });
			else reasoning.push(part.reasoning.text);
			const { sealed } = part.reasoning;
			const item = sealed === undefined ? undefined : returned(sealed, `${path}.content[${index}].reasoning.sealed`);
			if (item !== undefined) texts.push(item);
		} else if (part.type === "opaque") {
			const item = returned(part.opaque, `${path}.content[${index}].opaque`);
			if (item !== undefined) texts.push(item);
		} else if (part.type !== "annotation")
			throw wrong(`${path}.content[${index}]`, `an assistant message cannot have a part of type ${part.type}`);
	}
	const [refusal, ...more] = refusals;
	if (more.length > 0) throw wrong(`${path}.content`, "this backend accepts one refusal per message");
	const { members, annotations, calls } = returner.parts;
	const tool_calls = message.tool_calls.map(({ id, name, arguments: args }, index) => ({
		id,
		type: "function" as const,
		function: { name, arguments: historyArguments(args) },
		...calls.get(index),
	}));
	const isEmpty = texts.length === 0 && (refusal ?? "") === "" && tool_calls.length === 0 && Object.keys(members).length === 0;
	if (isEmpty) return undefined;
	return {
		role: "assistant",
		content: texts.length === 0 ? null : texts.every(isText) ? joined(texts) : texts,
		...(refusal === undefined ? {} : { refusal }),
		...(sendReasoning && reasoning.length > 0 ? { reasoning_content: reasoning.join("") } : {}),
		...(annotations.length === 0 ? {} : { annotations }),
		...(tool_calls.length === 0 ? {} : { tool_calls }),
		...members,
	};
}

function isText(item: ChatTextPart | ChatThinkingPart | RawJson): item is ChatTextPart {
	return !(item instanceof RawJson) && item.type === "text";
}

function textOnly(message: cchat.Message, path: string): ChatText {
	const texts = message.content.map((part, index): ChatTextPart => {
		if (part.type !== "text")
			throw wrong(`${path}.content[${index}]`, `this backend accepts only text in a ${message.role} message, not ${part.type}`);
		return { type: "text", text: part.text };
	});
	if (texts.length === 0) throw wrong(`${path}.content`, "it is empty");
	return joined(texts);
}

function joined(texts: ChatTextPart[]): ChatText {
	const [only] = texts;
	return texts.length === 1 && only !== undefined ? only.text : texts;
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
