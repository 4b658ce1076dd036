import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { WebSocketConnection } from "../../../../transport/websocket/connection.ts";
import { ErrorBound } from "./error-bound.ts";
import { ServerEvent } from "./event.ts";
import { eventIds } from "./event-ids.ts";
import type { MessageReader, Read } from "./message-reader.ts";
import type { Started } from "./start.ts";
import { type ChannelEvent, type ChannelMode, EventTranslator, warning } from "./stream.ts";
import { Turns } from "./turns.ts";

export interface ChannelOptions extends ChannelMode, Started {
	/** Silence of the server after which the events that it owes are no longer expected, in milliseconds. 0 means no limit. */
	readonly silenceMs: number;
}

/**
 * An open session of the Realtime API. Sends input as client events, and translates server events into the ABI's.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-client-events
 */
export class RealtimeChannel implements RealtimeVoiceChannel {
	readonly #connection: WebSocketConnection;
	readonly #messages: MessageReader;
	readonly #options: ChannelOptions;
	readonly #turns: Turns;
	readonly #translator: EventTranslator;
	readonly #newEventId = eventIds();
	readonly #errors = new ErrorBound();
	/** Events from the start of the session. All input is later. */
	readonly #early: readonly ChannelEvent[];
	/** Time of the latest input that the server answers. */
	#askedAt = 0;
	#closing = false;

	constructor(connection: WebSocketConnection, messages: MessageReader, options: ChannelOptions) {
		this.#connection = connection;
		this.#messages = messages;
		this.#options = options;
		// A failed connection is reported to the reader of its messages.
		const request = (event: Readonly<Record<string, unknown>>): void => void this.#send(event).catch(() => {});
		this.#turns = new Turns({
			create: (event_id) => request({ type: "response.create", event_id }),
			cancel: () => request({ type: "response.cancel" }),
			newEventId: this.#newEventId,
		});
		const translator = new EventTranslator(connection.exchange, options, this.#turns);
		this.#translator = translator;
		this.#early = options.early.flatMap((event) => [...translator.translate(event)]);
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		if (isAnswered(input)) this.#askedAt = performance.now();
		switch (input.type) {
			case "append_audio": {
				const { buffer, byteOffset, byteLength } = input.audio;
				await this.#send({ type: "input_audio_buffer.append", audio: Buffer.from(buffer, byteOffset, byteLength).toString("base64") });
				return;
			}
			case "commit":
				return this.#commit();
			case "clear":
				await this.#send({ type: "input_audio_buffer.clear" });
				return;
			case "send_text":
				await this.#createItem({ type: "message", role: "user", content: [{ type: "input_text", text: input.text }] });
				this.#turns.requestResponse();
				return;
			case "send_tool_result":
				await this.#createItem({ type: "function_call_output", call_id: input.call_id, output: input.output });
				this.#turns.toolResultSent(input.call_id);
				return;
			case "cancel":
				this.#turns.cancelResponse();
				return;
			case "truncate":
				this.#turns.cancelResponse();
				await this.#send({
					type: "conversation.item.truncate",
					event_id: this.#newEventId(),
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
		const { usage } = this.#translator;
		return usage === undefined ? {} : { usage };
	}

	async #commit(): Promise<void> {
		const event_id = this.#newEventId();
		this.#turns.commitSent(event_id);
		await this.#send({ type: "input_audio_buffer.commit", event_id });
		if (this.#options.answers) this.#turns.requestResponse();
	}

	#createItem(item: Readonly<Record<string, unknown>>): Promise<void> {
		return this.#send({ type: "conversation.item.create", event_id: this.#newEventId(), item });
	}

	#send(event: Readonly<Record<string, unknown>>): Promise<void> {
		this.#errors.sent();
		return this.#connection.send(JSON.stringify(event));
	}

	/** Waits for the next message. Resolves with `silence` when the server has been silent for too long since the latest input. */
	async #nextMessage(): Promise<Read> {
		const { silenceMs } = this.#options;
		let waitMs = silenceMs;
		for (;;) {
			const read = await this.#messages.next(waitMs);
			const elapsed = performance.now() - this.#askedAt;
			if (read.type !== "silence" || elapsed >= silenceMs) return read;
			waitMs = Math.ceil(silenceMs - elapsed);
		}
	}

	*#bounded(events: Iterable<ChannelEvent>): Generator<ChannelEvent, void, void> {
		for (const event of events) {
			this.#errors.received(event);
			yield event;
		}
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		try {
			if (!this.#options.confirmed) yield warning(new SpearError("backend_error", UNCONFIRMED));
			yield* this.#bounded(this.#early);
			for (let read = await this.#nextMessage(); read.type !== "end"; read = await this.#nextMessage()) {
				if (read.type === "message")
					yield* this.#bounded(this.#translator.translate(ServerEvent.parse(read.text, this.#connection.exchange)));
				else if (this.#turns.giveUp()) yield warning(new SpearError("timeout", silent(this.#options.silenceMs)));
			}
			if (this.#closing || this.#turns.settled) return;
			throw new SpearError("backend_error", "the backend ended the session before it had answered", { retryable: true });
		} finally {
			this.#turns.end();
		}
	}
}

/** Returns true for input that the server answers, or whose receipt it confirms. */
function isAnswered({ type }: RealtimeVoiceInput): boolean {
	return type === "commit" || type === "send_text" || type === "send_tool_result";
}

const UNCONFIRMED = "the backend has not confirmed the session's configuration; its settings may have no effect";

function silent(ms: number): string {
	return `the backend sent nothing for ${ms} ms although an answer is due; the session no longer waits for it`;
}
