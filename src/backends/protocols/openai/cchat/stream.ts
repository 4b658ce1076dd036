import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { batched, batchesOf } from "../../../../async/batched.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import { truncatedError } from "../../../../transport/http/failure.ts";
import { isCutOff } from "../../../kit/chat/cut-off.ts";
import { wholeEvents } from "../../../kit/chat/whole-events.ts";
import { eventObject, eventValue } from "../../../kit/http/stream-event.ts";
import { openAiErrors } from "../errors.ts";
import { keepUsageAtOnce } from "../keep-usage.ts";
import { reportedUsage } from "../usage.ts";
import type { AnswerContext } from "./answer-context.ts";
import { parseCompletion } from "./response.ts";
import { StreamedAnswer } from "./streamed-answer.ts";

/** Data of the event that ends a stream. */
export const DONE = "[DONE]";

/**
 * Yields the events of a streamed completion. The last is `completed`. A whole answer of an upstream that does not stream becomes the same
 * events.
 *
 * @param source Holds at least one event, or throws. A source that ends without {@link DONE} was cut, unless the answer is whole by then.
 * @throws SpearError `backend_error` for a malformed or cut stream; the error that the upstream reports within the stream.
 */
export function chatEvents(source: AsyncIterable<StreamedEvent>, context: AnswerContext): AsyncGenerator<cchat.Event, void, void> {
	return batched(chatBatches(source, context));
}

/** Yields the IR events that each batch of the source causes. */
async function* chatBatches(
	source: AsyncIterable<StreamedEvent>,
	context: AnswerContext,
): AsyncGenerator<readonly cchat.Event[], void, void> {
	let answer: StreamedAnswer | undefined;
	let isDone = false;
	reading: for await (const batch of batchesOf(source)) {
		const events: cchat.Event[] = [];
		try {
			for (const event of batch) {
				if (event.isBody === true) {
					const body = eventValue(event, "it is not JSON");
					const read = (): cchat.Response => parseCompletion({ value: body, text: event.data, exchange: event.exchange }, context);
					events.push(...wholeEvents(keepUsageAtOnce(body, read)));
					return;
				}
				answer ??= new StreamedAnswer(event.exchange, context);
				const data = event.data.trim();
				isDone = data === DONE;
				if (isDone || isCutOff(event)) break reading;
				if (data === "") continue; // A heartbeat.
				const chunk = eventObject(event, openAiErrors);
				try {
					answer.add(chunk, event.data, events);
				} catch (thrown) {
					throw withUsage(thrown, reportedUsage(chunk));
				}
			}
		} finally {
			yield events; // Those before a failure too.
		}
	}
	if (answer === undefined) return;
	if (!isDone && !answer.isWhole) throw truncatedError(answer.exchange, DONE);
	yield answer.complete();
}
