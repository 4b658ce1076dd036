import type * as asr from "../../../../../generated/ir/asr.ts";
import { jsonFault, parseJson } from "../../../../formats/json.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { openAiReportedError, reportedError } from "../errors.ts";
import type { TranscriptRequest } from "./request.ts";
import { parseTranscript, segmentOf, transcript } from "./response.ts";

/** Matches the event that ends a stream. No transcript can match: a quote inside a JSON string has a backslash before it. */
export const TEXT_DONE = /"type"\s*:\s*"transcript\.text\.done"/;

/**
 * Yields the events of a streamed transcript. The last is `completed`. A whole answer of an upstream that does not stream becomes the
 * same events.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event
 * @throws SpearError `backend_error` for a malformed stream; the error that the upstream reports within it.
 */
export async function* transcriptEvents(
	source: AsyncIterable<StreamedEvent>,
	expected: TranscriptRequest["expected"],
): AsyncGenerator<asr.Event, void, void> {
	const segments: asr.Segment[] = [];
	for await (const { data, event, exchange } of source) {
		const wrong = (what: string) => malformedError(exchange, what, data);
		if (data === "[DONE]") throw wrong("the stream ends before the transcript");
		const value = parse(data, wrong);
		const reported = reportedError(value) ?? (event === "error" ? value : undefined);
		if (reported !== undefined) throw openAiReportedError(exchange, reported);
		if (!isObject(value)) throw wrong("an event of the stream is not an object");
		switch (value.type) {
			case undefined:
				yield* wholeEvents(parseTranscript({ value, exchange }, expected));
				return;
			case "transcript.text.delta":
				if (typeof value.delta !== "string") throw wrong("transcript.text.delta: delta is not a string");
				if (value.delta !== "") yield { type: "text", text: value.delta };
				break;
			case "transcript.text.segment": {
				const segment = segmentOf(value, "transcript.text.segment", wrong);
				segments.push(segment);
				yield { type: "segment", segment };
				break;
			}
			case "transcript.text.done":
				if (typeof value.text !== "string") throw wrong("transcript.text.done: text is missing");
				yield { type: "completed", completed: { ...transcript(value.text, value), segments } };
				return;
			default: // Later versions of the protocol may add events.
		}
	}
}

/** Yields the events of a whole transcript. */
export function* wholeEvents(response: asr.Response): Generator<asr.Event, void, void> {
	if (response.text !== "") yield { type: "text", text: response.text };
	for (const segment of response.segments) yield { type: "segment", segment };
	yield { type: "completed", completed: response };
}

function parse(data: string, wrong: (what: string) => Error): unknown {
	try {
		return parseJson(data);
	} catch (thrown) {
		throw wrong(jsonFault(thrown, "an event of the stream is not JSON"));
	}
}
