import type * as rt from "../../../../../generated/ir/rt.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { guestText } from "../../../../redaction/guest-text.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { usageOf } from "../usage.ts";
import { EXPIRED, eventError } from "./error.ts";
import type { ServerEvent } from "./event.ts";
import type { Turns } from "./turns.ts";

/** Events of an open session. The host adds the terminal event. */
export type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** Parts of the session's configuration that its events depend on. */
export interface ChannelMode {
	/** A model answers. */
	readonly answers: boolean;
	/** Audio input is transcribed. */
	readonly transcribes: boolean;
}

const USAGE_COUNTS = [
	"input_tokens",
	"output_tokens",
	"total_tokens",
	"cached_input_tokens",
	"reasoning_tokens",
	"cache_write_tokens",
] as const;

/**
 * Translates the server events of a session into the ABI's events. Reports the progress of responses to the session's turns, and sums the
 * usage.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events
 */
export class EventTranslator {
	readonly #exchange: Exchange;
	readonly #mode: ChannelMode;
	readonly #turns: Turns;
	#usage: types.Usage | undefined;

	constructor(exchange: Exchange, mode: ChannelMode, turns: Turns) {
		this.#exchange = exchange;
		this.#mode = mode;
		this.#turns = turns;
	}

	/** Usage of the whole session so far. Absent if the server has reported none. */
	get usage(): types.Usage | undefined {
		return this.#usage;
	}

	/** Yields the ABI's events for a server event: mostly one, none for an event without new content. */
	*translate(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const delta = (): rt.TextDelta => ({ item_id: event.text("item_id"), text: event.text("delta") });
		switch (event.type) {
			case "input_audio_buffer.speech_started":
				yield { type: "speech_started", speech_started: event.milliseconds("audio_start_ms") };
				break;
			case "input_audio_buffer.speech_stopped":
				yield { type: "speech_stopped", speech_stopped: event.milliseconds("audio_end_ms") };
				break;
			case "input_audio_buffer.committed":
				this.#turns.commitConfirmed(event.text("item_id"), this.#mode);
				break;
			case "conversation.item.input_audio_transcription.delta":
				// The API declares the delta as optional.
				if (event.any("delta") !== undefined) yield { type: "input_transcript", input_transcript: delta() };
				break;
			case "conversation.item.input_audio_transcription.completed": {
				const item_id = event.text("item_id");
				yield { type: "input_transcript_done", input_transcript_done: { item_id, text: event.text("transcript") } };
				this.#addUsage(event.any("usage"));
				this.#turns.transcriptEnded(item_id);
				break;
			}
			case "conversation.item.input_audio_transcription.failed":
				yield this.#warning(event.object("error"));
				this.#turns.transcriptEnded(event.text("item_id"));
				break;
			case "response.created": {
				const id = responseId(event);
				this.#turns.responseStarted(id);
				yield { type: "response_started", response_started: id };
				break;
			}
			case "response.output_audio.delta":
				yield { type: "audio", audio: { item_id: event.text("item_id"), audio: event.bytes("delta") } };
				break;
			case "response.output_audio_transcript.delta":
				yield { type: "output_transcript", output_transcript: delta() };
				break;
			case "response.output_text.delta":
				yield { type: "text", text: delta() };
				break;
			case "response.output_item.done":
				yield* this.#outputItem(event.object("item"));
				break;
			case "response.done":
				yield* this.#responseDone(event);
				break;
			case "error":
				yield* this.#error(event.object("error"));
				break;
			default:
			// Other events repeat deltas as a whole, confirm client events, or belong to later versions of the API.
		}
	}

	/** Yields a complete tool call. Skips a call that was cut off. */
	*#outputItem(item: Readonly<Record<string, unknown>>): Generator<ChannelEvent, void, void> {
		if (item.type !== "function_call" || item.status === "incomplete") return;
		const [id, name] = [textOf(item.call_id), textOf(item.name)];
		if (id === undefined || name === undefined || typeof item.arguments !== "string") {
			throw malformedError(this.#exchange, "a function call without call_id, name or arguments", JSON.stringify(item));
		}
		this.#turns.toolCalled(id);
		yield { type: "tool_call", tool_call: { id, name, arguments: item.arguments } };
	}

	*#responseDone(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const id = responseId(event);
		const { status, status_details, usage } = event.object("response");
		const details = isObject(status_details) ? status_details : {};
		if (status === "failed") yield this.#warning(details.error ?? { message: "the answer failed, and the backend does not state why" });
		if (status === "incomplete") {
			const reason = textOf(details.reason) ?? "the backend does not state why";
			yield warning(new SpearError("backend_error", guestText(`the answer is incomplete: ${reason}`, this.#exchange)));
		}
		this.#addUsage(usage);
		this.#turns.responseEnded(id);
		yield { type: "response_done", response_done: id };
	}

	/** Yields a warning for an error event. The session continues after most of them. */
	*#error(error: Readonly<Record<string, unknown>>): Generator<ChannelEvent, void, void> {
		if (error.code === EXPIRED) throw eventError(this.#exchange, error);
		const eventId = textOf(error.event_id);
		if (eventId !== undefined && this.#turns.eventRefused(eventId, textOf(error.code))) return;
		yield this.#warning(error);
	}

	#warning(error: unknown): ChannelEvent {
		return warning(eventError(this.#exchange, error));
	}

	#addUsage(reported: unknown): void {
		const usage = usageOf(reported);
		if (usage === undefined) return;
		const sum = { ...this.#usage };
		for (const name of USAGE_COUNTS) {
			const count = usage[name];
			if (count !== undefined) sum[name] = (sum[name] ?? 0) + count;
		}
		this.#usage = sum;
	}
}

function responseId(event: ServerEvent): string {
	return textOf(event.object("response").id) ?? "";
}

function warning(error: SpearError): ChannelEvent {
	return { type: "warning", warning: error.with({ operation: "realtime_voice" }).toRecord() };
}
