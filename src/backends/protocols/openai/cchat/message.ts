import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import type { OpenAiOptions } from "../options.ts";
import type { ChatMessage, ChatPart, ChatText, ChatTextPart } from "./api.ts";
import { inlineOf, urlOf } from "./media.ts";
import { PartReturner } from "./opaque.ts";

/** What a message loses on its way to a Chat Completions upstream, which has no place for it. */
export const MESSAGE_DOWNGRADES: readonly string[] = [
	"assistant reasoning is left out of the history unless the option send_reasoning is set; its sealed form goes back to its provider",
	"citations are left out of the history; the text they refer to is sent",
	"opaque parts of another provider are left out of the history, and all of them when the option send_opaque is off",
	"opaque content of a type that guests have parts of their own for, such as image_url, is left out of the history",
	"members of a streamed message that only the provider understands are carried when they come in one piece, else left out",
	"is_error of a tool message is left out; its content says that the tool failed",
];

/**
 * One message of the conversation in the upstream's form; `path` names it in errors, e.g. `messages[2]`.
 *
 * @throws SpearError `invalid_request` for a part that its role cannot have or that the upstream has no form for.
 */
export function chatMessage(message: cchat.Message, path: string, options: OpenAiOptions): ChatMessage {
	const { role, content, tool_calls, tool_call_id, is_error, name, ...rest } = message;
	assertNoFieldsLeft(rest);
	if (role !== "assistant" && tool_calls.length > 0) throw wrong(`${path}.tool_calls`, `a ${role} message has none`);
	if (role !== "tool" && tool_call_id !== undefined) throw wrong(`${path}.tool_call_id`, `a ${role} message has none`);
	if (role !== "tool" && is_error !== undefined) throw wrong(`${path}.is_error`, `a ${role} message has none`);
	const named = name === undefined ? {} : { name };
	switch (role) {
		case "system":
			return { role: options.developerRole ? "developer" : "system", content: textOnly(message, path), ...named };
		case "user":
			return { role, content: userContent(content, path), ...named };
		case "assistant":
			return { ...assistantMessage(message, path, options), ...named };
		case "tool":
			if (tool_call_id === undefined) throw wrong(`${path}.tool_call_id`, "a tool message names the call it answers");
			if (name !== undefined) throw wrong(`${path}.name`, "this backend has no names of tool messages");
			return { role, content: textOnly(message, path), tool_call_id };
	}
}

function userContent(content: readonly cchat.ContentPart[], path: string): string | ChatPart[] {
	const parts = content.map((part, index) => userPart(part, `${path}.content[${index}]`));
	if (parts.length === 0) throw wrong(`${path}.content`, "it is empty");
	const [only] = parts;
	return parts.length === 1 && only?.type === "text" ? only.text : parts;
}

function userPart(part: cchat.ContentPart, path: string): ChatPart {
	switch (part.type) {
		case "text":
			return { type: "text", text: part.text };
		case "image": {
			const { source, detail } = part.image;
			if (source.type === "inline" && !/^image\//i.test(source.inline.mime_type))
				throw wrong(`${path}.image.source`, `its media type is "${source.inline.mime_type}", which is not an image's`);
			const url = urlOf(source, `${path}.image.source`);
			return { type: "image_url", image_url: detail === undefined ? { url } : { url, detail } };
		}
		case "audio": {
			const { mimeType, base64 } = inlineOf(part.audio.source, `${path}.audio.source`);
			return { type: "input_audio", input_audio: { data: base64, format: part.audio.format ?? audioFormat(mimeType, path) } };
		}
		case "file": {
			const { mimeType, base64 } = inlineOf(part.file.source, `${path}.file.source`);
			const file_data = `data:${mimeType};base64,${base64}`;
			return { type: "file", file: part.file.filename === undefined ? { file_data } : { filename: part.file.filename, file_data } };
		}
		default:
			throw wrong(path, `a user message has no part of type ${part.type}`);
	}
}

/** The upstream's names of the encodings it may take, by media type without `x-`. */
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
	"audio/wav": "wav",
	"audio/wave": "wav",
	"audio/vnd.wave": "wav",
	"audio/mpeg": "mp3",
	"audio/mp3": "mp3",
	"audio/flac": "flac",
	"audio/ogg": "ogg",
	"audio/aac": "aac",
	"audio/mp4": "m4a",
	"audio/webm": "webm",
};

function audioFormat(mimeType: string, path: string): string {
	const format = AUDIO_FORMATS[mimeType.toLowerCase().replace("/x-", "/")];
	if (format === undefined) throw wrong(`${path}.audio.format`, `it does not follow from ${mimeType}; name it, e.g. wav or mp3`);
	return format;
}

function assistantMessage(message: cchat.Message, path: string, options: OpenAiOptions): Extract<ChatMessage, { role: "assistant" }> {
	const texts: (ChatTextPart | RawJson)[] = [];
	const returner = new PartReturner(path, message.tool_calls.length);
	const giveBack = (part: types.OpaquePart, place: string): RawJson | undefined =>
		options.sendOpaque && part.provider === options.provider ? returner.add(part, place) : undefined;
	const refusals: string[] = [];
	const reasoning: string[] = [];
	for (const [index, part] of message.content.entries()) {
		if (part.type === "text") texts.push({ type: "text", text: part.text });
		else if (part.type === "refusal") refusals.push(part.refusal);
		else if (part.type === "reasoning") {
			reasoning.push(part.reasoning.text);
			const { sealed } = part.reasoning;
			const item = sealed === undefined ? undefined : giveBack(sealed, `${path}.content[${index}].reasoning.sealed`);
			if (item !== undefined) texts.push(item);
		} else if (part.type === "opaque") {
			const item = giveBack(part.opaque, `${path}.content[${index}].opaque`);
			if (item !== undefined) texts.push(item);
		} else if (part.type !== "annotation")
			throw wrong(`${path}.content[${index}]`, `an assistant message has no part of type ${part.type}`);
	}
	const [refusal, ...more] = refusals;
	if (more.length > 0) throw wrong(`${path}.content`, "this backend takes one refusal a message");
	const { members, annotations, calls } = returner.parts;
	const tool_calls = message.tool_calls.map(({ id, name, arguments: args }, index) => ({
		id,
		type: "function" as const,
		function: { name, arguments: args },
		...calls.get(index),
	}));
	const isEmpty = texts.length === 0 && refusal === undefined && tool_calls.length === 0 && Object.keys(members).length === 0;
	if (isEmpty) throw nothingToSay(message, path);
	return {
		role: "assistant",
		content: texts.length === 0 ? null : texts.every(isText) ? joined(texts) : texts,
		...(refusal === undefined ? {} : { refusal }),
		...(options.sendReasoning && reasoning.length > 0 ? { reasoning_content: reasoning.join("") } : {}),
		...(annotations.length === 0 ? {} : { annotations }),
		...(tool_calls.length === 0 ? {} : { tool_calls }),
		...members,
	};
}

function isText(item: ChatTextPart | RawJson): item is ChatTextPart {
	return !(item instanceof RawJson);
}

/** What is left of a message may be nothing because all of it was another provider's: that one can still take it. */
function nothingToSay({ content }: cchat.Message, path: string): SpearError {
	if (!content.some(({ type }) => type === "opaque"))
		return wrong(`${path}.content`, "an assistant message says something or asks for tools");
	return new SpearError(
		"missing_capabilities",
		`${path}.content: the message holds nothing that can be sent to this backend, only parts of another provider`,
	);
}

function textOnly(message: cchat.Message, path: string): ChatText {
	const texts = message.content.map((part, index): ChatTextPart => {
		if (part.type !== "text")
			throw wrong(`${path}.content[${index}]`, `to this backend a ${message.role} message is text only, not ${part.type}`);
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
