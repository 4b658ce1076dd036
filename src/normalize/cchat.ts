import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestSize } from "../../generated/ir/envelope.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import type * as types from "../../generated/ir/types.ts";
import { isOneSlice, turnBeforeSlice } from "../async/slices.ts";
import { guestName } from "../errors/guest-name.ts";
import { MESSAGE_PARTS } from "../operations/message-parts.ts";
import { fault } from "./fault.ts";
import type { MediaAdmission } from "./request-media.ts";
import { withOwnSchemas } from "./schemas.ts";
import { jsonTokens, textTokens } from "./tokens.ts";
import { validated } from "./validate.ts";

/**
 * Applies the rules of a conversation: each role has its parts, every tool call is answered once, names of tools are unique, schemas are bounded. Admits the
 * media of all messages. Omits assistant messages that say nothing, because many upstreams refuse a history with an empty answer.
 */
export function normalizeCchat(payload: cchat.Request, media: MediaAdmission): cchat.Request | Promise<cchat.Request> {
	const { messages } = payload;
	if (messages.length === 0) throw fault("messages", "must contain at least one message");
	checkTools(payload);
	if (!isOneSlice(messages) || messages.some(hasMedia)) return normalizeInTurns(payload, media);
	messages.forEach((message, index) => {
		checkMessage(message, `messages[${index}]`);
	});
	checkToolResults(messages);
	return { ...withOwnSchemas(payload), messages: withoutSilent(messages) };
}

/** Normalizes a long conversation in turns of the event loop, and admits media. */
async function normalizeInTurns(payload: cchat.Request, media: MediaAdmission): Promise<cchat.Request> {
	for (const [index, message] of payload.messages.entries()) {
		const turn = turnBeforeSlice(index);
		if (turn !== undefined) await turn;
		checkMessage(message, `messages[${index}]`);
	}
	checkToolResults(payload.messages);
	const messages: (cchat.Message | Promise<cchat.Message>)[] = [];
	for (const [index, message] of payload.messages.entries()) {
		if (saysNothing(message)) continue;
		messages.push(hasMedia(message) ? admitMedia(message, `messages[${index}]`, media) : message);
	}
	if (messages.length === 0) throw onlyEmptyAnswers();
	return { ...withOwnSchemas(payload), messages: await Promise.all(messages) };
}

function withoutSilent(messages: readonly cchat.Message[]): cchat.Message[] {
	const kept = messages.filter((message) => !saysNothing(message));
	if (kept.length === 0) throw onlyEmptyAnswers();
	return kept;
}

function onlyEmptyAnswers(): Error {
	return fault("messages", "must contain at least one message that is not an empty answer");
}

/** Returns true for an assistant message without content, such as an answer whose length limit was used up by reasoning. */
function saysNothing({ role, content, tool_calls }: cchat.Message): boolean {
	return role === "assistant" && tool_calls.length === 0 && content.every(isEmptyText);
}

function isEmptyText(part: cchat.ContentPart): boolean {
	return (part.type === "text" && part.text === "") || (part.type === "refusal" && part.refusal === "");
}

function hasMedia({ content }: cchat.Message): boolean {
	return content.some(isMedia);
}

function isMedia({ type }: cchat.ContentPart): boolean {
	return type === "image" || type === "audio" || type === "file";
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

/**
 * Checks the rules for a single message. `path` names the message in errors.
 *
 * @throws SpearError `invalid_request`, naming the member at fault.
 */
export function checkMessage(message: cchat.Message, path: string): void {
	const allowed = MESSAGE_PARTS[message.role];
	const refused = message.content.findIndex(({ type }) => !allowed.has(type));
	if (refused !== -1) {
		throw fault(`${path}.content[${refused}]`, `a ${message.role} message cannot contain a part of type ${message.content[refused]?.type}`);
	}
	if (message.role === "assistant") {
		if (message.tool_calls.length > 1 && new Set(message.tool_calls.map(({ id }) => id)).size !== message.tool_calls.length)
			throw fault(`${path}.tool_calls`, "two calls have the same id");
	} else {
		if (message.tool_calls.length > 0)
			throw fault(`${path}.tool_calls`, `only an assistant message has tool calls, not a ${message.role} message`);
		if (message.content.length === 0) throw fault(`${path}.content`, "must contain at least one part");
	}
	if (message.role === "tool" && message.tool_call_id === undefined) throw fault(`${path}.tool_call_id`, "is required in a tool message");
	if (message.role !== "tool") {
		if (message.tool_call_id !== undefined) throw fault(`${path}.tool_call_id`, "is allowed in a tool message only");
		if (message.is_error !== undefined) throw fault(`${path}.is_error`, "is allowed in a tool message only");
	}
}

function checkTools({ tools, tool_choice }: cchat.Request): void {
	if (tools.length === 0 && tool_choice === undefined) return;
	const names = new Set<string>();
	for (const [index, tool] of tools.entries()) {
		if (names.has(tool.name)) throw fault(`tools[${index}].name`, `'${guestName(tool.name)}' is already the name of another tool`);
		names.add(tool.name);
	}
	if (tool_choice === undefined) return;
	if (tools.length === 0 && tool_choice.type !== "none") throw fault("tool_choice", "there are no tools to choose from");
	if (tool_choice.type === "named" && !names.has(tool_choice.named))
		throw fault("tool_choice.named", `no tool is named '${guestName(tool_choice.named)}'`);
}

/** Checks that each tool message answers an open call of the assistant message before it, and that no call stays open. */
function checkToolResults(messages: readonly cchat.Message[]): void {
	if (!messages.some(({ role, tool_calls }) => role === "tool" || tool_calls.length > 0)) return;
	let open = new Set<string>();
	for (const [index, message] of messages.entries()) {
		if (message.role === "tool") {
			const id = message.tool_call_id ?? "";
			if (!open.delete(id))
				throw fault(`messages[${index}].tool_call_id`, `'${guestName(id)}' is not an open tool call of the assistant message before it`);
			continue;
		}
		if (open.size > 0)
			throw fault(`messages[${index}]`, `tool call '${guestName([...open][0] ?? "")}' must be answered before the conversation continues`);
		if (message.tool_calls.length > 0) open = new Set(message.tool_calls.map((call) => call.id));
	}
	if (open.size > 0)
		throw fault("messages", `tool call '${guestName([...open][0] ?? "")}' must be answered before the conversation is sent`);
}

/** Members of the parameters, in the order in which hostcalls lift them: required ones first. Otherwise equal parameters that were set in different orders would make different requests. */
const PARAM_ORDER: readonly string[] = [
	"stop",
	"temperature",
	"top_p",
	"max_output_tokens",
	"seed",
	"presence_penalty",
	"frequency_penalty",
	"reasoning_effort",
	"parallel_tool_calls",
] satisfies (keyof cchat.Params)[];

/**
 * Returns `params` with one member set, or removed if `value` is null. The members have one order.
 *
 * @param name Name of the member, spelled with `-` or `_`.
 * @throws SpearError `invalid_request` for an unknown member or an invalid value.
 */
export function withParam(params: cchat.Params | undefined, name: string, value: JsonValue): cchat.Params {
	const member = name.replaceAll("-", "_");
	const { [member]: _, ...others }: Record<string, unknown> = { stop: [], ...params };
	const changed: Record<string, unknown> = value === null ? { stop: [], ...others } : { ...others, [member]: value };
	const ordered = Object.entries(changed).sort(([a], [b]) => PARAM_ORDER.indexOf(a) - PARAM_ORDER.indexOf(b));
	const candidate: unknown = { messages: [], tools: [], params: Object.fromEntries(ordered) };
	return validated.chatRequest(candidate).params ?? { stop: [] };
}

/** Tokens of the markup around a message, a tool or a tool call. About what the chat templates of common models add. */
const FRAME_TOKENS = 4;

/** Estimates the tokens of all text that the model reads. Media are not counted, because their tokens differ too much between models. */
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
