import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestSize } from "../../generated/ir/envelope.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import type * as types from "../../generated/ir/types.ts";
import { fault } from "./fault.ts";
import type { MediaAdmission } from "./request-media.ts";
import { jsonTokens, textTokens } from "./tokens.ts";
import { validated } from "./validate.ts";

/** Which parts each role may hold. */
const PARTS: Readonly<Record<cchat.Role, ReadonlySet<cchat.ContentPart["type"]>>> = {
	system: new Set(["text"]),
	user: new Set(["text", "image", "audio", "file"]),
	assistant: new Set(["text", "refusal", "reasoning", "annotation", "opaque"]),
	tool: new Set(["text"]),
};

/** Rules of a conversation: who may say what, every tool call answered once, names unique. */
export async function normalizeCchat(payload: cchat.Request, media: MediaAdmission): Promise<cchat.Request> {
	if (payload.messages.length === 0) throw fault("messages", "must hold at least one message");
	checkTools(payload);
	for (const [index, message] of payload.messages.entries()) checkMessage(message, `messages[${index}]`);
	checkToolResults(payload.messages);
	const messages = payload.messages.map((message, index) => admitMedia(message, `messages[${index}]`, media));
	return { ...payload, messages: await Promise.all(messages) };
}

async function admitMedia(message: cchat.Message, path: string, media: MediaAdmission): Promise<cchat.Message> {
	const content = message.content.map(async (part, index): Promise<cchat.ContentPart> => {
		const admit = (source: types.MediaRef): Promise<types.MediaRef> => media.admit(source, `${path}.content[${index}].${part.type}.source`);
		switch (part.type) {
			case "image":
				return { type: "image", image: { ...part.image, source: await admit(part.image.source) } };
			case "audio":
				return { type: "audio", audio: { ...part.audio, source: await admit(part.audio.source) } };
			case "file":
				return { type: "file", file: { ...part.file, source: await admit(part.file.source) } };
			default:
				return part;
		}
	});
	return { ...message, content: await Promise.all(content) };
}

/** Rules one message must follow by itself; `path` names it in errors. */
export function checkMessage(message: cchat.Message, path: string): void {
	for (const [index, part] of message.content.entries()) {
		if (!PARTS[message.role].has(part.type)) {
			throw fault(`${path}.content[${index}]`, `a ${message.role} message cannot hold a part of type ${part.type}`);
		}
	}
	const empty = message.content.length === 0;
	if (message.role === "assistant") {
		if (empty && message.tool_calls.length === 0) throw fault(path, "an assistant message needs content or tool calls");
	} else {
		if (message.tool_calls.length > 0)
			throw fault(`${path}.tool_calls`, `only an assistant message has tool calls, not a ${message.role} message`);
		if (empty) throw fault(`${path}.content`, "must hold at least one part");
	}
	if (message.role === "tool" && message.tool_call_id === undefined) throw fault(`${path}.tool_call_id`, "is required in a tool message");
	if (message.role !== "tool") {
		if (message.tool_call_id !== undefined) throw fault(`${path}.tool_call_id`, "stands in a tool message only");
		if (message.is_error !== undefined) throw fault(`${path}.is_error`, "stands in a tool message only");
	}
}

function checkTools({ tools, tool_choice }: cchat.Request): void {
	const names = new Set<string>();
	for (const [index, tool] of tools.entries()) {
		if (names.has(tool.name)) throw fault(`tools[${index}].name`, `'${tool.name}' is already the name of another tool`);
		names.add(tool.name);
	}
	if (tool_choice === undefined) return;
	if (tools.length === 0 && tool_choice.type !== "none") throw fault("tool_choice", "there are no tools to choose from");
	if (tool_choice.type === "named" && !names.has(tool_choice.named))
		throw fault("tool_choice.named", `no tool is called '${tool_choice.named}'`);
}

/** Each tool message answers an open call of the assistant message before it, and none is left open when the talk goes on. */
function checkToolResults(messages: readonly cchat.Message[]): void {
	let open = new Set<string>();
	for (const [index, message] of messages.entries()) {
		const path = `messages[${index}]`;
		if (message.role === "tool") {
			const id = message.tool_call_id ?? "";
			if (!open.delete(id)) throw fault(`${path}.tool_call_id`, `'${id}' is not an open tool call of the assistant message before it`);
			continue;
		}
		if (open.size > 0) throw fault(path, `tool call '${[...open][0]}' must be answered before the conversation goes on`);
		open = new Set(message.tool_calls.map((call) => call.id));
		if (open.size !== message.tool_calls.length) throw fault(`${path}.tool_calls`, "two calls have the same id");
	}
	if (open.size > 0) throw fault("messages", `tool call '${[...open][0]}' must be answered before the conversation is sent`);
}

/** `params` with one member set by its name, in either spelling, or left out again when `value` is null. */
export function withParam(params: cchat.Params | undefined, name: string, value: JsonValue): cchat.Params {
	const member = name.replaceAll("-", "_");
	const { [member]: _, ...others }: Record<string, unknown> = { stop: [], ...params };
	const changed: unknown = value === null ? { stop: [], ...others } : { ...others, [member]: value };
	const candidate: unknown = { messages: [], tools: [], params: changed };
	return validated.chatRequest(candidate).params ?? { stop: [] };
}

/** What the frame of a message or of a tool takes, in tokens. */
const FRAME_TOKENS = 4;

/** All text that the model is to read, and how much it may write. What media take differs too much between models to be counted. */
export function estimateCchatSize({ messages, tools, response_format, params }: cchat.Request): RequestSize {
	let tokens = 0;
	for (const message of messages) tokens += messageTokens(message);
	for (const tool of tools) tokens += toolTokens(tool);
	if (response_format?.type === "json_schema") tokens += jsonTokens(response_format.json_schema.schema);
	const output = params?.max_output_tokens;
	return { input_tokens: tokens, ...(output === undefined ? {} : { output_tokens: output }) };
}

function messageTokens({ content, tool_calls, name = "" }: cchat.Message): number {
	let tokens = FRAME_TOKENS + textTokens(name);
	for (const part of content) {
		if (part.type === "text") tokens += textTokens(part.text);
		else if (part.type === "refusal") tokens += textTokens(part.refusal);
		else if (part.type === "reasoning") tokens += textTokens(part.reasoning.text);
	}
	for (const call of tool_calls) tokens += FRAME_TOKENS + textTokens(call.name) + textTokens(call.arguments);
	return tokens;
}

function toolTokens({ name, description = "", parameters }: cchat.Tool): number {
	return FRAME_TOKENS + textTokens(name) + textTokens(description) + jsonTokens(parameters);
}
