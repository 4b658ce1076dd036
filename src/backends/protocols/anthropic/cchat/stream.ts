import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import { jsonFault, parseJson } from "../../../../formats/json.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import { malformedError, truncatedError } from "../../../../transport/http/failure.ts";
import { isCutOff } from "../../../kit/chat/cut-off.ts";
import { wholeEvents } from "../../../kit/chat/whole-events.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { anthropicErrors } from "../errors.ts";
import type { AnswerContext } from "./answer.ts";
import { parseMessage } from "./response.ts";
import { StreamedAnswer } from "./streamed-answer.ts";

/** Type of the event that ends a stream. */
const LAST = "message_stop";

/**
 * Data of the event that ends a stream. An object with others in it does not match, so that no text of a model can. The stream then ends
 * with its body.
 */
export const LAST_EVENT: RegExp = /^\{[^{}]{0,200}"type"\s{0,9}:\s{0,9}"message_stop"[^{}]{0,200}\}$/;

/**
 * Yields the events of a streamed message. The last is `completed`. A whole answer of an upstream that does not stream becomes the same
 * events. A failure carries the usage so far.
 *
 * @param source Holds at least one event, or throws. A source that ends without `message_stop` was cut.
 * @throws SpearError `backend_error` for a malformed or cut stream; the error that the upstream reports within the stream.
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export async function* messageEvents(
	source: AsyncIterable<StreamedEvent>,
	context: AnswerContext,
): AsyncGenerator<cchat.Event, void, void> {
	let answer: StreamedAnswer | undefined;
	try {
		for await (const event of source) {
			if (event.isBody === true) {
				const { data, exchange } = event;
				yield* wholeEvents(parseMessage({ value: parse(event, "it is not JSON"), text: data, exchange }, context));
				return;
			}
			answer ??= new StreamedAnswer(event.exchange, context);
			if (isCutOff(event)) break;
			if (event.data.trim() === "") continue; // A heartbeat.
			const value = parse(event, "an event of the stream is not JSON");
			if (anthropicErrors.reported(value) !== undefined || event.event === "error")
				throw anthropicErrors.reportedError(event.exchange, value);
			if (!isObject(value)) throw malformedError(event.exchange, "an event of the stream is not an object", event.data);
			const type = textOf(value.type) ?? event.event ?? "";
			if (type === LAST) {
				yield* answer.complete();
				return;
			}
			yield* answer.add(type, value, event.data);
		}
	} catch (thrown) {
		throw withUsage(thrown, answer?.usage);
	}
	if (answer !== undefined) throw withUsage(truncatedError(answer.exchange, LAST), answer.usage);
}

/** Returns the value of an event. The text of an event that reports an error may be no JSON. */
function parse({ data, event, exchange }: StreamedEvent, what: string): unknown {
	try {
		return parseJson(data);
	} catch (thrown) {
		if (event === "error") return { error: data };
		throw malformedError(exchange, jsonFault(thrown, what), data);
	}
}
