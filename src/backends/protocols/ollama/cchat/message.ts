import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { checkRole } from "../../../kit/chat/check-roles.ts";
import { historyArguments, withUniqueCallIds } from "../../../kit/chat/history-calls.ts";
import { inlineOf } from "../../../kit/chat/media.ts";
import type { OllamaOptions } from "../options.ts";
import type { Message, ToolCall } from "./api.ts";

type Options = Pick<OllamaOptions, "sendReasoning" | "provider">;

/**
 * Returns the conversation in the upstream's form. Assistant messages without anything that the upstream can receive are left out.
 *
 * @throws SpearError `invalid_request`; `missing_capabilities` if nothing remains.
 */
export function history(conversation: readonly cchat.Message[], options: Options): Message[] {
	/** Names of the tools by the ids of their calls, because the results name both. */
	const tools = new Map<string, string>();
	const messages = withUniqueCallIds(conversation).flatMap((message, index): Message[] => {
		const path = `messages[${index}]`;
		checkRole(message, path);
		for (const { id, name } of message.tool_calls) tools.set(id, name);
		const { role } = message;
		if (role === "system") return [{ role, content: textOnly(message, path) }];
		if (role === "user") return [userMessage(message, path)];
		return role === "assistant" ? assistantMessage(message, path, options) : [toolMessage(message, path, tools)];
	});
	if (messages.length === 0)
		throw new SpearError("missing_capabilities", "messages: they hold nothing that this backend can answer; write a user message");
	return messages;
}

function userMessage({ content }: cchat.Message, path: string): Message {
	if (content.length === 0) throw wrong(`${path}.content`, "it is empty");
	const texts: string[] = [];
	const images: string[] = [];
	for (const [index, part] of content.entries()) {
		const at = `${path}.content[${index}]`;
		if (part.type === "text") texts.push(part.text);
		else if (part.type === "image") images.push(imageBytes(part.image, `${at}.image.source`));
		else if (part.type === "audio" || part.type === "file")
			throw new SpearError("missing_capabilities", `${at}: this backend does not accept ${part.type === "file" ? "files" : "audio"}`);
		else throw wrong(at, `a user message cannot have a part of type ${part.type}`);
	}
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
	const tool_calls = message.tool_calls.map(toolCall);
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

function toolCall({ id, name, arguments: args }: cchat.ToolCall): ToolCall {
	const value = RawJson.from(new TextEncoder().encode(historyArguments(args)));
	if (value === undefined) throw new SpearError("internal", "the arguments of a tool call are not JSON");
	return { id, function: { name, arguments: value } };
}

function toolMessage(message: cchat.Message, path: string, tools: ReadonlyMap<string, string>): Message {
	const { tool_call_id } = message;
	if (tool_call_id === undefined) throw wrong(`${path}.tool_call_id`, "a tool message must name the tool call that it answers");
	const tool_name = tools.get(tool_call_id);
	if (tool_name === undefined) throw wrong(`${path}.tool_call_id`, "no tool call before it has this id");
	return { role: "tool", content: textOnly(message, path), tool_name, tool_call_id };
}

function textOnly({ role, content }: cchat.Message, path: string): string {
	if (content.length === 0) throw wrong(`${path}.content`, "it is empty");
	const texts = content.map((part, index) => {
		if (part.type === "text") return part.text;
		throw wrong(`${path}.content[${index}]`, `this backend accepts only text in a ${role} message, not ${part.type}`);
	});
	return texts.join("\n");
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
