import type * as cchat from "../../../generated/ir/cchat.ts";
import type * as types from "../../../generated/ir/types.ts";
import { countOf, isObject, textOf } from "../json.ts";

/**
 * An answer as far as it is known: what the whole completion says at once and the chunks of a stream say bit by bit. Both
 * ways fill this and `chatResponse` alone makes the result of it, so that both give the same.
 */
export interface ChatAnswer {
	id: string | undefined;
	model: string | undefined;
	reasoning: string;
	text: string;
	refusal: string;
	annotations: cchat.Annotation[];
	toolCalls: cchat.ToolCall[];
	finishReason: string;
	usage: types.Usage | undefined;
}

/**
 * The result. A model that asks for tools is said to, whatever its upstream calls that: some say `stop` when the request
 * left no choice. `requestedModel` stands in for an upstream that does not name its model.
 */
export function chatResponse(answer: ChatAnswer, requestedModel: string): cchat.Response {
	const content: cchat.ContentPart[] = [];
	if (answer.reasoning !== "") content.push({ type: "reasoning", reasoning: { text: answer.reasoning } });
	if (answer.text !== "") content.push({ type: "text", text: answer.text });
	if (answer.refusal !== "") content.push({ type: "refusal", refusal: answer.refusal });
	for (const annotation of answer.annotations) content.push({ type: "annotation", annotation });
	const finish_reason = finishReason(answer.finishReason);
	return {
		...(answer.id === undefined ? {} : { id: answer.id }),
		model: answer.model ?? requestedModel,
		message: { role: "assistant", content, tool_calls: answer.toolCalls },
		finish_reason: finish_reason === "stop" && answer.toolCalls.length > 0 ? "tool_calls" : finish_reason,
		...(answer.usage === undefined ? {} : { usage: answer.usage }),
	};
}

function finishReason(reason: string): cchat.FinishReason {
	switch (reason) {
		case "stop":
		case "length":
		case "tool_calls":
		case "content_filter":
			return reason;
		default:
			return "other";
	}
}

/** The reasoning of a message or a delta; compatible servers use either name. */
export function reasoningOf(message: Readonly<Record<string, unknown>>): string | undefined {
	return textOf(message.reasoning_content) ?? textOf(message.reasoning);
}

/** The URL citations among the annotations of a message or a delta. */
export function annotationsOf(value: unknown): cchat.Annotation[] {
	return Array.isArray(value) ? value.flatMap((item) => (isObject(item) ? (citation(item.url_citation) ?? []) : [])) : [];
}

function citation(value: unknown): cchat.Annotation | undefined {
	if (!isObject(value)) return undefined;
	const url = textOf(value.url);
	const title = textOf(value.title);
	const start = countOf(value.start_index);
	const end = countOf(value.end_index);
	return {
		...(url === undefined ? {} : { url }),
		...(title === undefined ? {} : { title }),
		...(start === undefined ? {} : { start_index: start }),
		...(end === undefined ? {} : { end_index: end }),
	};
}

/** The tokens as reported; `undefined` when nothing is. */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const prompt = isObject(value.prompt_tokens_details) ? value.prompt_tokens_details : {};
	const completion = isObject(value.completion_tokens_details) ? value.completion_tokens_details : {};
	const input = countOf(value.prompt_tokens);
	const output = countOf(value.completion_tokens);
	const total = countOf(value.total_tokens);
	const cached = countOf(prompt.cached_tokens);
	const reasoning = countOf(completion.reasoning_tokens);
	const usage: types.Usage = {
		...(input === undefined ? {} : { input_tokens: input }),
		...(output === undefined ? {} : { output_tokens: output }),
		...(total === undefined ? {} : { total_tokens: total }),
		...(cached === undefined ? {} : { cached_input_tokens: cached }),
		...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
	};
	return Object.keys(usage).length === 0 ? undefined : usage;
}
