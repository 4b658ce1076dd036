import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import type { AnswerContext } from "../../../kit/chat/answer.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { ollamaErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { StreamedAnswer } from "./stream.ts";

/**
 * Returns the result of a whole answer, which is read as a stream of one line. A failure carries the usage that the answer reports.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export function parseAnswer(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	const { value, text, exchange } = answer;
	try {
		const wrong = (what: string): Error => malformedError(exchange, what, text);
		const result = ollamaErrors.resultObject(answer, wrong);
		if (!isObject(result.message)) throw wrong("message is missing");
		const streamed = new StreamedAnswer(exchange, context);
		for (const _ of streamed.add(result, { data: text })); // The events are those of a stream.
		for (const event of streamed.complete()) if (event.type === "completed") return event.completed;
		throw wrong("it is not complete");
	} catch (thrown) {
		throw withUsage(thrown, isObject(value) ? usageOf(value) : undefined);
	}
}
