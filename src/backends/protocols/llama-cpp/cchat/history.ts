import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { parseJson } from "../../../../formats/json.ts";
import { checkRole } from "../../../kit/chat/check-roles.ts";
import { withCallNames } from "../../../kit/chat/history-call-names.ts";
import { historyArguments } from "../../../kit/chat/history-calls.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { MAX_CHARACTERS_PER_TOKEN } from "../failure.ts";
import type { HistoryCall, HistoryItem } from "../library.ts";

/**
 * Returns the conversation as the library's items. The results of an assistant's tool calls, and the assistant's message after them, belong
 * to one item: the model wrote them in one turn.
 *
 * @throws SpearError `missing_capabilities` for media.
 */
export function history(conversation: readonly cchat.Message[]): HistoryItem[] {
	const messages = withCallNames(conversation);
	const items: HistoryItem[] = [];
	const results = resultsOf(messages);
	for (const [index, message] of messages.entries()) {
		const path = `messages[${index}]`;
		checkRole(message, path);
		if (message.role === "tool") continue;
		if (message.role !== "assistant") {
			items.push({ type: message.role, text: textOf(message, path) });
			continue;
		}
		const last = items.at(-1);
		const response = last?.type === "model" ? last.response : [];
		if (last?.type !== "model") items.push({ type: "model", response });
		const text = textOf(message, path);
		if (text !== "") response.push(text);
		for (const [position, call] of message.tool_calls.entries()) response.push(historyCall(call, position === 0, results.get(call)));
	}
	return items;
}

/** Returns the result of each call. Ids may repeat in a conversation, so a result belongs to the last call before it that has its id. */
function resultsOf(messages: readonly cchat.Message[]): Map<cchat.ToolCall, unknown> {
	const results = new Map<cchat.ToolCall, unknown>();
	const open = new Map<string, cchat.ToolCall>();
	for (const [index, message] of messages.entries()) {
		for (const call of message.tool_calls) open.set(call.id, call);
		if (message.role !== "tool") continue;
		const call = open.get(message.tool_call_id ?? "");
		const result = resultOf(message, `messages[${index}]`);
		if (call !== undefined) results.set(call, result);
	}
	return results;
}

function historyCall({ name, arguments: text }: cchat.ToolCall, isFirst: boolean, result: unknown): HistoryCall {
	return { type: "functionCall", name, params: parseJson(historyArguments(text)), result, startsNewChunk: isFirst };
}

/** Returns a tool's output. JSON goes into the prompt as JSON, not as a string that holds JSON. */
function resultOf(message: cchat.Message, path: string): unknown {
	const text = textOf(message, path);
	if (message.is_error === true) return { error: text };
	try {
		const value = parseJson(text);
		return isObject(value) || Array.isArray(value) ? value : text;
	} catch {
		return text;
	}
}

function textOf({ content }: cchat.Message, path: string): string {
	return content.map((part, index) => partText(part, `${path}.content[${index}]`)).join("");
}

function partText(part: cchat.ContentPart, path: string): string {
	switch (part.type) {
		case "text":
			return part.text;
		case "refusal":
			return part.refusal;
		case "reasoning":
		case "annotation":
		case "opaque":
			return "";
		case "image":
		case "audio":
		case "file":
			throw new SpearError("missing_capabilities", `${path}: this backend accepts only text, no ${part.type}`);
	}
}

/** Returns the number of characters of a request, for a bound. A message, a call or a tool counts as a token at least. */
export function promptCharacters({ messages, tools }: cchat.Request): number {
	let count = (messages.length + tools.length) * MAX_CHARACTERS_PER_TOKEN;
	for (const { content, tool_calls } of messages) {
		for (const part of content) count += part.type === "text" ? part.text.length : part.type === "refusal" ? part.refusal.length : 0;
		for (const { name, arguments: text } of tool_calls) count += MAX_CHARACTERS_PER_TOKEN + name.length + text.length;
	}
	for (const { name, description = "", parameters } of tools) count += name.length + description.length + JSON.stringify(parameters).length;
	return count;
}
