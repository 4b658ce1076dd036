import { answerParser } from "../../../kit/http/whole-answer.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { ollamaErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { StreamedAnswer } from "./stream.ts";

/**
 * Returns the result of a whole answer, which is read as a stream of one line.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export const parseAnswer = answerParser(ollamaErrors, usageOf, ({ value, text, exchange, context, wrong }) => {
	if (!isObject(value.message)) throw wrong("message is missing");
	const streamed = new StreamedAnswer(exchange, context);
	for (const _ of streamed.add(value, { data: text })); // The events are those of a stream.
	for (const event of streamed.complete()) if (event.type === "completed") return event.completed;
	throw wrong("it is not complete");
});
