import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { opaquePart } from "../../../kit/chat/opaque-part.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { openAiErrors } from "../errors.ts";
import { reportedUsage } from "../usage.ts";
import { chatResponse, reasoningOf } from "./answer.ts";
import type { AnswerContext } from "./answer-context.ts";
import { argumentsOf, idOf } from "./call-fragment.ts";
import { choiceError, isRequested, textMessage } from "./choice.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { unknownCallMembers } from "./opaque.ts";
import { Parts, readParts } from "./parts.ts";

/**
 * Returns the result of a whole completion.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export function parseCompletion(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	const { provider } = context;
	const wrong = (what: string) => malformedError(answer.exchange, what, answer.text);
	const value = openAiErrors.resultObject(answer, wrong);
	const choices: readonly unknown[] = Array.isArray(value.choices) ? value.choices : [];
	const position = Math.max(choices.findIndex(isRequested), 0);
	const choice = choices[position];
	if (!isObject(choice)) throw wrong("choices[0] is missing");
	const reported = choiceError(choice);
	if (reported !== undefined) throw openAiErrors.reportedError(answer.exchange, reported);
	const message = choice.message ?? textMessage(choice);
	if (!isObject(message)) throw wrong("choices[0].message is missing");
	const whole = new JsonSource(answer.text); // Remembers the members that it has read.
	const source = () => whole.member("choices")?.item(position)?.member("message");
	const parts = new Parts((what) => wrong(`choices[0].message ${what}`));
	readParts(message, parts, {
		provider,
		source,
		thinkingItems: context.thinkingItems,
		wrong: (what) => wrong(`choices[0].message.${what}`),
	});
	const calls =
		message.tool_calls === undefined
			? NO_CALLS
			: toolCalls(message.tool_calls ?? [], { wrong, ids: context.ids, source: () => source()?.member("tool_calls") });
	for (const [index, names] of calls.unknown.entries()) {
		parts.expectOpaque(names.length);
		for (const name of names) {
			const kind = `tool_calls.${index}.${name}`;
			const member = (): JsonSource | undefined => source()?.member("tool_calls")?.item(index)?.member(name);
			parts.opaque(kind, () => opaquePart(provider, kind, member()), "message");
		}
	}
	return chatResponse(
		{
			id: textOf(value.id),
			model: textOf(value.model),
			reasoning: reasoningOf(message, context.thinkingItems) ?? "",
			content: parts.content,
			refusal: parts.refusalText,
			annotations: parts.annotations,
			opaque: parts.opaqueMembers,
			toolCalls: [...calls.calls],
			finishReason: finishReasonOf(choice),
			usage: reportedUsage(value),
		},
		context.model,
	);
}

interface CallsContext extends Pick<AnswerContext, "ids"> {
	readonly wrong: (what: string) => Error;
	/** Returns the calls within the answer's text. Called only for arguments that are an object. */
	readonly source: () => JsonSource | undefined;
}

const NO_CALLS: ReturnType<typeof toolCalls> = { calls: [], unknown: [] };

/** Returns the tool calls, and the names of the unknown members of each. */
function toolCalls(
	value: unknown,
	{ wrong, ids, source }: CallsContext,
): { readonly calls: readonly cchat.ToolCall[]; readonly unknown: readonly string[][] } {
	if (!Array.isArray(value)) throw wrong("choices[0].message.tool_calls is not a list");
	const calls = value.map((item: unknown, index) => {
		const path = `choices[0].message.tool_calls[${index}]`;
		if (!isObject(item) || !isObject(item.function)) throw wrong(`${path} is not the call of a function`);
		const name = textOf(item.function.name);
		const args = argumentsOf(item.function.arguments, () => source()?.item(index)?.member("function")?.member("arguments"));
		if (name === undefined) throw wrong(`${path}.function.name is missing`);
		if (args === undefined) throw wrong(`${path}.function.arguments is neither a string nor an object`);
		return { id: ids.claim(idOf(item.id)), name, arguments: args };
	});
	return { calls, unknown: value.map(unknownCallMembers) };
}
