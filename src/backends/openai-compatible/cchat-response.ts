import type * as cchat from "../../../generated/ir/cchat.ts";
import type { JsonAnswer } from "../http.ts";
import { malformedError } from "../http-failure.ts";
import { isObject, textOf } from "../json.ts";
import { annotationsOf, chatResponse, reasoningOf, usageOf } from "./cchat-answer.ts";
import { openAiReportedError, reportedError } from "./errors.ts";

/**
 * The result in a whole completion.
 *
 * @throws SpearError `backend_error` naming the member that is malformed, or what the upstream reports in place of an answer.
 */
export function parseCompletion({ value, exchange }: JsonAnswer, requestedModel: string): cchat.Response {
	const wrong = (what: string) => malformedError(exchange, what, JSON.stringify(value));
	const reported = reportedError(value);
	if (reported !== undefined) throw openAiReportedError(exchange, reported);
	if (!isObject(value)) throw wrong("it is not an object");
	const choice: unknown = Array.isArray(value.choices) ? value.choices[0] : undefined;
	if (!isObject(choice)) throw wrong("choices[0] is missing");
	const message = choice.message;
	if (!isObject(message)) throw wrong("choices[0].message is missing");
	const finishReason = textOf(choice.finish_reason);
	if (finishReason === undefined) throw wrong("choices[0].finish_reason is missing");
	const string = (name: string) => {
		const member = message[name] ?? "";
		if (typeof member !== "string") throw wrong(`choices[0].message.${name} is not a string`);
		return member;
	};
	return chatResponse(
		{
			id: textOf(value.id),
			model: textOf(value.model),
			reasoning: reasoningOf(message) ?? "",
			text: string("content"),
			refusal: string("refusal"),
			annotations: annotationsOf(message.annotations),
			toolCalls: toolCalls(message.tool_calls ?? [], wrong),
			finishReason,
			usage: usageOf(value.usage),
		},
		requestedModel,
	);
}

function toolCalls(value: unknown, wrong: (what: string) => Error): cchat.ToolCall[] {
	if (!Array.isArray(value)) throw wrong("choices[0].message.tool_calls is not a list");
	return value.map((item: unknown, index) => {
		const path = `choices[0].message.tool_calls[${index}]`;
		if (!isObject(item) || !isObject(item.function)) throw wrong(`${path} is not the call of a function`);
		const id = textOf(item.id);
		const name = textOf(item.function.name);
		const args = item.function.arguments ?? "";
		if (id === undefined) throw wrong(`${path}.id is missing`);
		if (name === undefined) throw wrong(`${path}.function.name is missing`);
		if (typeof args !== "string") throw wrong(`${path}.function.arguments is not a string`);
		return { id, name, arguments: args };
	});
}
