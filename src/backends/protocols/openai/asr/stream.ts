import type * as asr from "../../../../../generated/ir/asr.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError, truncatedError } from "../../../../transport/http/failure.ts";
import { isCutOff } from "../../../kit/chat/cut-off.ts";
import { eventObject } from "../../../kit/http/stream-event.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { TranscriptJoiner } from "./join.ts";
import type { TranscriptRequest } from "./request.ts";
import { parseTranscript, transcript } from "./response.ts";
import { segmentOf, type Wrong } from "./units.ts";

/**
 * Matches the event that ends a stream: the whole transcript, or `[DONE]` of servers that send none. No transcript can match: a quote
 * inside a JSON string has a backslash before it.
 */
export const STREAM_END = /^\s*\[DONE\]\s*$|"type"\s*:\s*"transcript\.text\.done"/;

/**
 * Yields the events of a streamed transcript. The last is `completed`. Servers stream in three forms:
 *
 * - events with a `type`, of OpenAI's API: complete with `transcript.text.done`.
 * - chunks with `choices`, of vLLM: complete with `[DONE]`, or with the body after finish reason and usage. A finish reason alone is not
 *   enough, because vLLM sends one for each part of a long recording.
 * - a whole answer for each segment, of faster-whisper servers: complete with the body. A whole answer of an upstream that does not
 *   stream is the same with one part.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event
 * @throws SpearError `backend_error` for a malformed or cut stream; the error that the upstream reports within it.
 */
export async function* transcriptEvents(
	source: AsyncIterable<StreamedEvent>,
	expected: TranscriptRequest["expected"],
): AsyncGenerator<asr.Event, void, void> {
	const parts = new TranscriptJoiner();
	const segments: asr.Segment[] = [];
	/** True if `[DONE]` may end the transcript here. */
	let begun = false;
	/** True if the body may end here. */
	let complete = false;
	let finished = false;
	let last: Exchange | undefined;
	for await (const event of source) {
		const { data, exchange } = event;
		last = exchange;
		const wrong: Wrong = (what) => malformedError(exchange, what, data);
		const text = data.trim();
		if (text === "") continue; // A heartbeat.
		if (text === "[DONE]") {
			if (!begun) throw wrong("the stream ends before the transcript");
			complete = true;
			break;
		}
		if (isCutOff(event)) throw truncatedError(exchange, "the rest of an event");
		const value = eventObject(event, openAiErrors);
		switch (value.type ?? formOf(value)) {
			case "answer": {
				const part = parseTranscript({ value: asAnswer(value), exchange }, expected);
				const added = parts.add(part);
				if (added !== "") yield { type: "text", text: added };
				for (const segment of part.segments) yield { type: "segment", segment };
				begun = true;
				complete = true;
				break;
			}
			case "chunk": {
				const { delta, ended, facts } = readChunk(value, exchange);
				parts.append(delta, facts);
				if (delta !== "") yield { type: "text", text: delta };
				begun = true;
				finished ||= ended;
				complete ||= finished && facts.usage !== undefined;
				break;
			}
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
	if (last === undefined || !complete) throw endedEarly(last);
	yield { type: "completed", completed: parts.response };
}

/** Returns the form of an event without a type. */
function formOf({ choices }: JsonObject): "chunk" | "answer" {
	return Array.isArray(choices) ? "chunk" : "answer";
}

/** Returns an event in the form of a whole answer. Some servers send a bare segment. */
function asAnswer(value: JsonObject): JsonObject {
	const isSegment = value.segments === undefined && (value.start ?? value.end ?? undefined) !== undefined;
	return isSegment ? { text: value.text, segments: [value] } : value;
}

/** Returns the text of a chunk. `ended` tells if the upstream has said why the text ends. */
function readChunk(
	{ choices, usage }: JsonObject,
	exchange: Exchange,
): { delta: string; ended: boolean; facts: Pick<asr.Response, "usage"> } {
	const [first]: unknown[] = Array.isArray(choices) ? choices : [];
	const choice = isObject(first) ? first : {};
	const reported = openAiErrors.reported(choice);
	if (reported !== undefined) throw openAiErrors.reportedError(exchange, reported);
	const { delta } = choice;
	const tokens = usageOf(usage);
	return {
		delta: isObject(delta) && typeof delta.content === "string" ? delta.content : "",
		ended: typeof choice.finish_reason === "string" && choice.finish_reason !== "",
		facts: tokens === undefined ? {} : { usage: tokens },
	};
}

function endedEarly(exchange: Exchange | undefined): SpearError {
	if (exchange !== undefined) return truncatedError(exchange, "the end of the transcript");
	return new SpearError("backend_error", "the backend's answer ended before it was complete", { retryable: true, processed: "unknown" });
}
