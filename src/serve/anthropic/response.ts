import type * as cchat from "../../../generated/ir/cchat.ts";
import type { Usage } from "../../../generated/ir/types.ts";
import { parseJson } from "../../formats/json.ts";
import { answerParts } from "../openai/assistant-parts.ts";
import type { AnswerFacts } from "../openai/chat-api.ts";
import { printDetails } from "../openai/details.ts";
import { isObject } from "../openai/fields.ts";

const STOP_REASONS: Readonly<Record<cchat.FinishReason, string>> = {
	stop: "end_turn",
	length: "max_tokens",
	tool_calls: "tool_use",
	content_filter: "refusal",
	other: "end_turn",
};

/** Returns the body of a whole answer. */
export function messageBody(response: cchat.Response, { requestId }: AnswerFacts): object {
	const parts = answerParts(response.message);
	const text = parts.text + (parts.refusal ?? "");
	return {
		id: messageId(requestId),
		type: "message",
		role: "assistant",
		model: response.model,
		content: [
			...(parts.reasoning === "" ? [] : [{ type: "thinking", thinking: parts.reasoning, signature: "" }]),
			...(text === "" ? [] : [{ type: "text", text, citations: null }]),
			...response.message.tool_calls.map(({ id, name, arguments: args }) => ({ type: "tool_use", id, name, input: inputOf(args) })),
			...detailsBlocks(response),
		],
		...ending(response),
		usage: messagesUsage(response.usage ?? {}),
		...messageSpear(response),
	};
}

/** Returns the member of the server: downgrades, and citations, because those of the API hold parts that only Anthropic knows. */
export function messageSpear(response: cchat.Response): object {
	const { annotations } = answerParts(response.message);
	const { downgrades = [] } = response;
	if (annotations.length === 0 && downgrades.length === 0) return {};
	return { spear: { ...(downgrades.length === 0 ? {} : { downgrades }), ...(annotations.length === 0 ? {} : { annotations }) } };
}

export function messageId(requestId: string): string {
	return `msg_${requestId}`;
}

/** Returns the block of the parts that have no other place, if there are any. */
export function detailsBlocks({ message }: cchat.Response): object[] {
	const { details } = answerParts(message);
	return details.length === 0 ? [] : [{ type: "redacted_thinking", data: printDetails(details) }];
}

export function ending({ finish_reason, message }: cchat.Response): object {
	const refused = message.content.some(({ type }) => type === "refusal");
	return { stop_reason: refused ? "refusal" : STOP_REASONS[finish_reason], stop_sequence: null };
}

/** Returns the usage. Input tokens of the API leave out those of prompt caches. */
export function messagesUsage({
	input_tokens: input = 0,
	output_tokens = 0,
	cached_input_tokens: read = 0,
	cache_write_tokens: written = 0,
}: Usage): object {
	return {
		input_tokens: Math.max(0, input - read - written),
		output_tokens,
		cache_read_input_tokens: read,
		cache_creation_input_tokens: written,
	};
}

/** Returns the arguments of a call. Arguments that are no JSON object, as of an answer that was cut, are empty. */
function inputOf(args: string): object {
	try {
		const value = parseJson(args);
		return isObject(value) ? value : {};
	} catch {
		return {};
	}
}
