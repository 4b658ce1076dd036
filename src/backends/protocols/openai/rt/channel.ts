import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { guestText } from "../../../../redaction/guest-text.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import type { WebSocketConnection } from "../../../../transport/websocket/connection.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { usageOf } from "../usage.ts";
import { EXPIRED, eventError } from "./error.ts";
import { ServerEvent } from "./event.ts";
import { Turns } from "./turns.ts";

type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** What the session was configured to do, as far as its events depend on it. */
export interface ChannelMode {
	/** A model answers. */
	readonly answers: boolean;
	/** What is heard is transcribed. */
	readonly transcribes: boolean;
}

/**
 * An open session of the Realtime API: input as client events, server events as the ABI's.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events
 */
export class RealtimeChannel implements RealtimeVoiceChannel {
	readonly #connection: WebSocketConnection;
	readonly #messages: AsyncIterable<string>;
	readonly #mode: ChannelMode;
	readonly #turns: Turns;
	#usage: types.Usage | undefined;
	#eventNumber = 0;
	#closing = false;

	constructor(connection: WebSocketConnection, messages: AsyncIterable<string>, mode: ChannelMode) {
		this.#connection = connection;
		this.#messages = messages;
		this.#mode = mode;
		const newEventId = () => `spear_${++this.#eventNumber}`;
		this.#turns = new Turns((event_id) => void this.#emit({ type: "response.create", event_id }).catch(heardByReader), newEventId);
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		switch (input.type) {
			case "append_audio": {
				const { buffer, byteOffset, byteLength } = input.audio;
				await this.#emit({ type: "input_audio_buffer.append", audio: Buffer.from(buffer, byteOffset, byteLength).toString("base64") });
				return;
			}
			case "commit":
				return this.#commit();
			case "clear":
				await this.#emit({ type: "input_audio_buffer.clear" });
				return;
			case "send_text":
				await this.#createItem({ type: "message", role: "user", content: [{ type: "input_text", text: input.text }] });
				this.#turns.ask();
				return;
			case "send_tool_result":
				await this.#createItem({ type: "function_call_output", call_id: input.call_id, output: input.output });
				this.#turns.toolAnswered(input.call_id);
				return;
			case "cancel":
				await this.#cancel();
				return;
			case "truncate":
				await this.#cancel();
				await this.#emit({
					type: "conversation.item.truncate",
					item_id: input.item_id,
					content_index: 0,
					audio_end_ms: input.audio_end_ms,
				});
		}
	}

	drain(): Promise<void> {
		return this.#turns.whenSettled();
	}

	async close(): Promise<void> {
		this.#closing = true;
		await this.#connection.close();
	}

	report(): Partial<rt.Response> {
		return this.#usage === undefined ? {} : { usage: this.#usage };
	}

	async #commit(): Promise<void> {
		const event_id = `spear_${++this.#eventNumber}`;
		this.#turns.committing(event_id);
		await this.#emit({ type: "input_audio_buffer.commit", event_id });
		if (this.#mode.answers) this.#turns.ask();
	}

	async #cancel(): Promise<void> {
		const { answering } = this.#turns;
		this.#turns.cancel();
		if (answering) await this.#emit({ type: "response.cancel" });
	}

	#createItem(item: Readonly<Record<string, unknown>>): Promise<void> {
		return this.#emit({ type: "conversation.item.create", item });
	}

	#emit(event: Readonly<Record<string, unknown>>): Promise<void> {
		return this.#connection.send(JSON.stringify(event));
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		try {
			for await (const text of this.#messages) yield* this.#translate(ServerEvent.parse(text, this.#connection.exchange));
			if (this.#closing || this.#turns.settled) return;
			throw new SpearError("backend_error", "the backend ended the session before it had answered", { retryable: true });
		} finally {
			this.#turns.over();
		}
	}

	/** The ABI's events for one of the server's: mostly one, none for those that say nothing new. */
	*#translate(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const delta = (): rt.TextDelta => ({ item_id: event.text("item_id"), text: event.text("delta") });
		switch (event.type) {
			case "input_audio_buffer.speech_started":
				yield { type: "speech_started", speech_started: event.milliseconds("audio_start_ms") };
				break;
			case "input_audio_buffer.speech_stopped":
				yield { type: "speech_stopped", speech_stopped: event.milliseconds("audio_end_ms") };
				break;
			case "input_audio_buffer.committed":
				this.#turns.committed(event.text("item_id"), { transcribed: this.#mode.transcribes, answers: this.#mode.answers });
				break;
			case "conversation.item.input_audio_transcription.delta":
				// The reference has the delta optional.
				if (event.any("delta") !== undefined) yield { type: "input_transcript", input_transcript: delta() };
				break;
			case "conversation.item.input_audio_transcription.completed": {
				const item_id = event.text("item_id");
				yield { type: "input_transcript_done", input_transcript_done: { item_id, text: event.text("transcript") } };
				this.#count(event.any("usage"));
				this.#turns.transcribed(item_id);
				break;
			}
			case "conversation.item.input_audio_transcription.failed":
				yield this.#warning(event.object("error"));
				this.#turns.transcribed(event.text("item_id"));
				break;
			case "response.created": {
				const id = this.#responseId(event);
				this.#turns.began(id);
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
				yield* this.#item(event.object("item"));
				break;
			case "response.done":
				yield* this.#done(event);
				break;
			case "error":
				yield* this.#error(event.object("error"));
				break;
			default:
			// What is left repeats what was said in pieces, confirms what we sent, or is new since this was written.
		}
	}

	/** A tool call that is whole; the arguments of one that was broken off are of no use. */
	*#item(item: Readonly<Record<string, unknown>>): Generator<ChannelEvent, void, void> {
		if (item.type !== "function_call" || item.status === "incomplete") return;
		const [id, name] = [textOf(item.call_id), textOf(item.name)];
		if (id === undefined || name === undefined || typeof item.arguments !== "string") {
			throw malformedError(this.#connection.exchange, "a function call without call_id, name or arguments", JSON.stringify(item));
		}
		this.#turns.toolCalled(id);
		yield { type: "tool_call", tool_call: { id, name, arguments: item.arguments } };
	}

	*#done(event: ServerEvent): Generator<ChannelEvent, void, void> {
		const id = this.#responseId(event);
		const { status, status_details, usage } = event.object("response");
		const details = isObject(status_details) ? status_details : {};
		if (status === "failed") yield this.#warning(details.error ?? { message: "the answer failed, and the backend does not say why" });
		if (status === "incomplete") {
			const reason = textOf(details.reason) ?? "the backend does not say why";
			yield warning(new SpearError("backend_error", guestText(`the answer is incomplete: ${reason}`, this.#connection.exchange)));
		}
		this.#count(usage);
		this.#turns.ended(id);
		yield { type: "response_done", response_done: id };
	}

	/** Most errors leave the session as it is. */
	*#error(error: Readonly<Record<string, unknown>>): Generator<ChannelEvent, void, void> {
		if (error.code === EXPIRED) throw eventError(this.#connection.exchange, error);
		const eventId = textOf(error.event_id);
		if (eventId !== undefined && this.#turns.refused(eventId, textOf(error.code))) return;
		yield this.#warning(error);
	}

	#warning(error: unknown): ChannelEvent {
		return warning(eventError(this.#connection.exchange, error));
	}

	#responseId(event: ServerEvent): string {
		return textOf(event.object("response").id) ?? "";
	}

	#count(reported: unknown): void {
		const usage = usageOf(reported);
		if (usage === undefined) return;
		const sum = { ...this.#usage };
		for (const name of [
			"input_tokens",
			"output_tokens",
			"total_tokens",
			"cached_input_tokens",
			"reasoning_tokens",
			"cache_write_tokens",
		] as const) {
			const more = usage[name];
			if (more !== undefined) sum[name] = (sum[name] ?? 0) + more;
		}
		this.#usage = sum;
	}
}

function warning(error: SpearError): ChannelEvent {
	return { type: "warning", warning: error.with({ operation: "realtime_voice" }).toRecord() };
}

/** A connection that fails says so to whoever reads its messages. */
function heardByReader(): void {}
