import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { type AnswerContext, chatResponse } from "../../../kit/chat/answer.ts";
import { type FinishMeaning, finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import { answerParser } from "../../../kit/http/whole-answer.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { usageOf } from "../../openai/usage.ts";
import { responsesErrors } from "../errors.ts";
import { Output } from "./output.ts";

/** Meaning of `status`, and of `incomplete_details.reason` for an answer that ended early. */
const REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	["completed", "stop"],
	["max_output_tokens", "length"],
	["max_tokens", "length"],
	["content_filter", "content_filter"],
]);

/** Returns a reader of whole answers. */
export function responseParser(isStored: boolean): (answer: JsonTextAnswer, context: AnswerContext) => cchat.Response {
	return answerParser(
		responsesErrors,
		({ usage }) => usageOf(usage),
		({ value, source, context, exchange, wrong }) => {
			if (!Array.isArray(value.output)) throw wrong("output is not a list");
			const output = new Output(context, isStored, wrong);
			output.all(value.output, () => source.member("output")).forEach(() => {});
			return finishedResponse(output, value, context, exchange);
		},
	);
}

/**
 * Returns the result of a response with its output.
 *
 * @param response The members beside the output. Without a status, the response is complete.
 * @throws SpearError the error of a response that failed.
 */
export function finishedResponse(output: Output, response: JsonObject, context: AnswerContext, exchange: Exchange): cchat.Response {
	const status = textOf(response.status) ?? "completed";
	if (status !== "completed" && status !== "incomplete") throw failedError(response, exchange);
	const { incomplete_details: details } = response;
	const reason = status === "incomplete" && isObject(details) ? textOf(details.reason) : status;
	const end = {
		id: textOf(response.id),
		model: textOf(response.model),
		finishReason: finishReasonOf(REASONS, reason, output.hasCalls),
		usage: usageOf(response.usage),
	};
	return chatResponse(output.blocks(), end, context, (what) => malformedError(exchange, what));
}

/** Returns the error of a response that failed. */
export function failedError({ status, error }: JsonObject, exchange: Exchange): Error {
	const reported = error ?? { message: `the answer ended with the status ${textOf(status) ?? "failed"}` };
	return responsesErrors.reportedError(exchange, reported);
}
