import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { answeredCall, checkAnswerable, writeConversation } from "../../../kit/chat/conversation.ts";
import { inlineOf } from "../../../kit/chat/media.ts";
import { textsOf, userParts } from "../../../kit/chat/role-parts.ts";
import { argumentsObject } from "../../../kit/http/call-arguments.ts";
import type { OllamaOptions } from "../options.ts";
import type { Message } from "./api.ts";

type Options = Pick<OllamaOptions, "sendReasoning" | "provider">;

/**
 * Returns the conversation in the upstream's form. Assistant messages without anything that the upstream can receive are left out.
 *
 * @throws SpearError `invalid_request`; `missing_capabilities` if nothing remains.
 */
export function history(conversation: readonly cchat.Message[], options: Options): Message[] {
	/** Names of the tools by the ids of their calls, because the results name both. */
	const tools = new Map<string, string>();
	const messages: Message[] = [];
	writeConversation(conversation, {
		system: (message, path) => void messages.push({ role: "system", content: textOnly(message, path) }),
		user: (message, path) => void messages.push(userMessage(message, path)),
		assistant(message, path) {
			for (const { id, name } of message.tool_calls) tools.set(id, name);
			messages.push(...assistantMessage(message, path, options));
		},
		tool: (message, path) => void messages.push(toolMessage(message, path, tools)),
	});
	checkAnswerable(messages);
	return messages;
}

function userMessage(message: cchat.Message, path: string): Message {
	const parts = userParts<{ readonly text: string } | { readonly image: string }>(message, path, {
		text: (text) => [{ text }],
		image: (image, at) => [{ image: imageBytes(image, `${at}.source`) }],
	});
	const texts = parts.flatMap((part) => ("text" in part ? part.text : []));
	const images = parts.flatMap((part) => ("image" in part ? part.image : []));
	return { role: "user", content: texts.join("\n"), ...(images.length === 0 ? {} : { images }) };
}

/** Returns an image in base64. The upstream finds out the format by itself. */
function imageBytes({ source }: cchat.ImagePart, path: string): string {
	const { mimeType, base64 } = inlineOf(source, path);
	if (!/^image\//i.test(mimeType)) throw wrong(path, `its media type is "${guestName(mimeType)}", which is not the type of an image`);
	return base64;
}

function assistantMessage(message: cchat.Message, path: string, { sendReasoning, provider }: Options): Message[] {
	let text = "";
	let thinking = "";
	for (const [index, part] of message.content.entries()) {
		if (part.type === "text") text += part.text;
		else if (part.type === "refusal") text += part.refusal;
		else if (part.type === "reasoning")
			thinking += sendReasoning && part.reasoning.sealed?.provider === provider ? part.reasoning.text : "";
		else if (part.type !== "annotation" && part.type !== "opaque")
			throw wrong(`${path}.content[${index}]`, `an assistant message cannot have a part of type ${part.type}`);
	}
	const tool_calls = message.tool_calls.map(({ id, name, arguments: args }) => ({
		id,
		function: { name, arguments: argumentsObject(args) },
	}));
	if (text === "" && thinking === "" && tool_calls.length === 0) return [];
	return [
		{
			role: "assistant",
			content: text,
			...(thinking === "" ? {} : { thinking }),
			...(tool_calls.length === 0 ? {} : { tool_calls }),
		},
	];
}

function toolMessage(message: cchat.Message, path: string, tools: ReadonlyMap<string, string>): Message {
	const tool_call_id = answeredCall(message, path);
	const tool_name = tools.get(tool_call_id);
	if (tool_name === undefined) throw wrong(`${path}.tool_call_id`, "no tool call before it has this id");
	return { role: "tool", content: textOnly(message, path), tool_name, tool_call_id };
}

function textOnly(message: cchat.Message, path: string): string {
	if (message.content.length === 0) throw wrong(`${path}.content`, "it is empty");
	return textsOf(message, path).join("\n");
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
