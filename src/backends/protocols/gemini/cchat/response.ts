import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import type { AnswerContext } from "../../../kit/chat/answer.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { geminiErrors } from "../errors.ts";
import { GeminiAnswer } from "./answer.ts";

/**
 * Returns the result of a whole answer, or of a list of all events of a stream. Servers send such a list to a client that does not ask for
 * server-sent events. A failure carries the usage that the answer reports.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export function parseAnswer({ value, text, exchange }: JsonTextAnswer, context: AnswerContext): cchat.Response {
	const answer = new GeminiAnswer(exchange, context);
	const source = new JsonSource(text);
	try {
		const responses: readonly unknown[] = Array.isArray(value) ? value : [value];
		for (const [index, response] of responses.entries()) {
			const reported = geminiErrors.reported(response);
			if (reported !== undefined) throw geminiErrors.reportedError(exchange, reported);
			if (!isObject(response)) throw malformedError(exchange, "it is not an object", text);
			for (const _ of answer.read(response, Array.isArray(value) ? source.item(index) : source));
		}
		for (const event of answer.complete()) if (event.type === "completed") return event.completed;
		throw new SpearError("internal", "an answer ended without a result");
	} catch (thrown) {
		throw withUsage(thrown, answer.usage);
	}
}
