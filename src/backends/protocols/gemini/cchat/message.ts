import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { answeredCall } from "../../../kit/chat/conversation.ts";
import { textsOf, userParts } from "../../../kit/chat/role-parts.ts";
import { argumentsObject } from "../../../kit/http/call-arguments.ts";
import type { FunctionCallPart, FunctionResponsePart, Part, TextPart } from "./api.ts";
import { calledName } from "./function-name.ts";
import { audioPart, filePart, imagePart } from "./media.ts";
import { returnedPart } from "./opaque.ts";
import type { ChatOptions } from "./options.ts";

/** Returns the texts of a message whose role allows nothing else. `path` names the message in errors. */
export function textParts(message: cchat.Message, path: string): TextPart[] {
	return textsOf(message, path).flatMap(textPart);
}

/**
 * Returns the parts of a user message.
 *
 * @throws SpearError `invalid_request` for a part that the role does not allow, and for a message without any content.
 */
export function mediaParts(message: cchat.Message, path: string): Part[] {
	return userParts<Part>(message, path, {
		text: textPart,
		image: (image, at) => [imagePart(image, at)],
		audio: (audio, at) => [audioPart(audio, at)],
		file: (file, at) => [filePart(file, at)],
	});
}

/**
 * Returns the parts of an assistant message. An empty list if nothing remains that the upstream can receive.
 *
 * @param placeholder Signature of a first call that has none. Absent: none.
 */
export function modelParts(
	message: cchat.Message,
	path: string,
	{ chat, placeholder }: { readonly chat: ChatOptions; readonly placeholder: string | undefined },
): Part[] {
	const parts: Part[] = [];
	const signatures = new Map<number, string>();
	for (const [index, part] of message.content.entries()) {
		const at = `${path}.content[${index}]`;
		if (part.type === "text") parts.push(...textPart(part.text));
		else if (part.type === "refusal") parts.push(...textPart(part.refusal));
		else if (part.type === "reasoning" || part.type === "opaque") {
			const opaque = part.type === "opaque" ? part.opaque : part.reasoning.sealed;
			const isOwn = chat.sendOpaque && opaque?.provider === chat.provider;
			const returned = isOwn ? returnedPart(opaque, part.type === "opaque" ? `${at}.opaque` : `${at}.reasoning.sealed`) : undefined;
			if (returned?.place === "content") parts.push(returned.part);
			else if (returned?.place === "call") signatures.set(returned.index, returned.signature);
			else if (returned?.place === "text") sign(parts, returned.signature);
		} else if (part.type !== "annotation") throw wrong(at, `an assistant message cannot have a part of type ${part.type}`);
	}
	if (signatures.size === 0 && placeholder !== undefined) signatures.set(0, placeholder);
	const calls = message.tool_calls.map((call, index) => functionCall(call, signatures.get(index), chat));
	return [...parts, ...calls];
}

/** Adds a signature to the text before it. The API accepts a signature apart from its text too. */
function sign(parts: Part[], thoughtSignature: string): void {
	const last = parts.at(-1);
	if (last !== undefined && "text" in last && !(last instanceof RawJson) && last.thoughtSignature === undefined)
		parts[parts.length - 1] = { text: last.text, thoughtSignature };
	else parts.push({ text: "", thoughtSignature });
}

function functionCall({ id, name, arguments: text }: cchat.ToolCall, signature: string | undefined, chat: ChatOptions): FunctionCallPart {
	return {
		functionCall: { ...(chat.sendCallIds ? { id } : {}), name: calledName(name), args: argumentsObject(text) },
		...(signature === undefined ? {} : { thoughtSignature: signature }),
	};
}

/**
 * Returns the result of a tool call.
 *
 * @param names Names of the conversation's tool calls, by id. The API matches results by name.
 */
export function functionResponse(
	message: cchat.Message,
	path: string,
	{ chat, names }: { readonly chat: ChatOptions; readonly names: ReadonlyMap<string, string> },
): FunctionResponsePart {
	const { is_error } = message;
	const id = answeredCall(message, path);
	const name = names.get(id);
	if (name === undefined) throw wrong(`${path}.tool_call_id`, "no tool call before it has this id");
	const [first = "", ...more] = textsOf(message, path).filter((text) => text !== "");
	const said = more.length === 0 ? first : [first, ...more];
	return {
		functionResponse: {
			...(chat.sendCallIds ? { id } : {}),
			name,
			response: is_error === true ? { error: said === "" ? "the tool failed" : said } : { output: said },
		},
	};
}

/** Returns the part of a text. Some models refuse an empty one. */
function textPart(text: string): TextPart[] {
	return text === "" ? [] : [{ text }];
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
