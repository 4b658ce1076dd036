import type * as rt from "../../../../../generated/ir/rt.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { guestText } from "../../../../redaction/guest-text.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { USAGE_COUNTS } from "../../../kit/usage.ts";
import { usageOf } from "../usage.ts";
import { EXPIRED, eventError } from "./error.ts";
import type { ServerEvent } from "./event.ts";
import { ownEventId } from "./event-ids.ts";
import { ItemIds } from "./item-ids.ts";
import { refusedBy } from "./refusal.ts";
import { ToolCalls } from "./tool-calls.ts";
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
	readonly #items = new ItemIds();
	readonly #calls: ToolCalls;
	#usage: types.Usage | undefined;

	constructor(exchange: Exchange, mode: ChannelMode, turns: Turns) {
		this.#exchange = exchange;
		this.#mode = mode;
		this.#turns = turns;
		this.#calls = new ToolCalls((what, item) => malformedError(exchange, what, JSON.stringify(item)));
	}

	/** Usage of the whole session so far. Absent if the server has reported none. */
	get usage(): types.Usage | undefined {
		return this.#usage;
	}

	/** Yields the ABI's events for a server event: mostly one, none for an event without new content. */
	*translate(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const text = (): string => event.optionalText("delta") ?? "";
		switch (event.type) {
			case "input_audio_buffer.speech_started":
				yield { type: "speech_started", speech_started: event.milliseconds("audio_start_ms") };
				break;
			case "input_audio_buffer.speech_stopped":
				yield { type: "speech_stopped", speech_stopped: event.milliseconds("audio_end_ms") };
				break;
			case "input_audio_buffer.committed":
				this.#items.committed(event);
				this.#turns.commitConfirmed(event.optionalText("item_id"), this.#mode);
				break;
			case "conversation.item.input_audio_transcription.delta":
				if (text() !== "") yield { type: "input_transcript", input_transcript: { item_id: this.#items.input(event), text: text() } };
				break;
			case "conversation.item.input_audio_transcription.completed": {
				const transcript = event.optionalText("transcript") ?? event.optionalText("text") ?? "";
				yield { type: "input_transcript_done", input_transcript_done: { item_id: this.#items.input(event), text: transcript } };
				this.#addUsage(event.any("usage"));
				this.#turns.transcriptEnded(event.optionalText("item_id"));
				break;
			}
			case "conversation.item.input_audio_transcription.failed":
				yield this.#warning(event.error);
				this.#turns.transcriptEnded(event.optionalText("item_id"));
				break;
			case "response.created": {
				const id = responseId(event);
				this.#calls.start();
				this.#items.responseStarted();
				this.#turns.responseStarted(id);
				yield { type: "response_started", response_started: id };
				break;
			}
			case "response.output_audio.delta":
				if (text() !== "") yield { type: "audio", audio: { item_id: this.#items.output(event), audio: event.bytes("delta") } };
				break;
			case "response.output_audio_transcript.delta":
				if (text() !== "") yield { type: "output_transcript", output_transcript: { item_id: this.#items.output(event), text: text() } };
				break;
			case "response.output_text.delta":
				if (text() !== "") yield { type: "text", text: { item_id: this.#items.output(event), text: text() } };
				break;
			case "response.output_item.added":
				this.#items.added(event);
				this.#calls.itemAdded(event.object("item"));
				break;
			case "response.function_call_arguments.done":
				this.#calls.argumentsDone(event);
				break;
			case "response.output_item.done":
				yield* this.#toolCalls(this.#calls.itemDone(event.any("item")));
				break;
			case "response.done":
			case "response.cancelled":
				yield* this.#responseDone(event);
				break;
			case "error":
				yield* this.#error(event.error);
				break;
			default:
			// Other events repeat deltas as a whole, confirm client events, or belong to later versions of the API.
		}
	}

	*#toolCalls(calls: Iterable<rt.ToolCall>): Generator<ChannelEvent, void, void> {
		for (const tool_call of calls) {
			this.#turns.toolCalled(tool_call.id);
			yield { type: "tool_call", tool_call };
		}
	}

	*#responseDone(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const reportedId = responseId(event);
		if (this.#turns.hasEnded(reportedId)) return;
		const { status: reported, status_details, usage, output } = event.object("response");
		const status = event.type === "response.cancelled" ? "cancelled" : reported;
		yield* this.#toolCalls(this.#calls.responseDone({ status, output }));
		const details = isObject(status_details) ? status_details : {};
		if (status === "failed") yield this.#warning(details.error ?? { message: "the answer failed, and the backend does not state why" });
		if (status === "incomplete") {
			const reason = textOf(details.reason) ?? "the backend does not state why";
			yield warning(new SpearError("backend_error", guestText(`the answer is incomplete: ${reason}`, this.#exchange)));
		}
		this.#addUsage(usage);
		yield { type: "response_done", response_done: this.#turns.responseEnded(reportedId) };
	}

	/** Yields a warning for an error event. The session continues after most of them. */
	*#error(error: unknown): Generator<ChannelEvent, void, void> {
		if (isObject(error) && error.code === EXPIRED) throw eventError(this.#exchange, error);
		const eventId = isObject(error) ? ownEventId(error.event_id) : undefined;
		if (this.#turns.eventRefused(eventId, refusedBy(error))) return;
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
	return textOf(event.object("response").id) ?? textOf(event.any("response_id")) ?? "";
}

/** Returns the event that tells the guest of a failure which does not end the session. */
export function warning(error: SpearError): ChannelEvent {
	return { type: "warning", warning: error.with({ operation: "realtime_voice" }).toRecord() };
}
