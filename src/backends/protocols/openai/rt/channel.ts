import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { WebSocketConnection } from "../../../../transport/websocket/connection.ts";
import { ServerEvent } from "./event.ts";
import { type ChannelEvent, type ChannelMode, EventTranslator } from "./stream.ts";
import { Turns } from "./turns.ts";

/**
 * An open session of the Realtime API. Sends input as client events, and translates server events into the ABI's.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-client-events
 */
export class RealtimeChannel implements RealtimeVoiceChannel {
	readonly #connection: WebSocketConnection;
	readonly #messages: AsyncIterable<string>;
	readonly #mode: ChannelMode;
	readonly #turns: Turns;
	readonly #translator: EventTranslator;
	#eventNumber = 0;
	#closing = false;

	constructor(connection: WebSocketConnection, messages: AsyncIterable<string>, mode: ChannelMode) {
		this.#connection = connection;
		this.#messages = messages;
		this.#mode = mode;
		// A failed connection is reported to the reader of its messages.
		const create = (event_id: string): void => void this.#send({ type: "response.create", event_id }).catch(() => {});
		this.#turns = new Turns(create, () => this.#newEventId());
		this.#translator = new EventTranslator(connection.exchange, mode, this.#turns);
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
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
				await this.#cancel();
				return;
			case "truncate":
				await this.#cancel();
				await this.#send({
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
		const { usage } = this.#translator;
		return usage === undefined ? {} : { usage };
	}

	async #commit(): Promise<void> {
		const event_id = this.#newEventId();
		this.#turns.commitSent(event_id);
		await this.#send({ type: "input_audio_buffer.commit", event_id });
		if (this.#mode.answers) this.#turns.requestResponse();
	}

	async #cancel(): Promise<void> {
		const { responding } = this.#turns;
		this.#turns.cancelRequest();
		if (responding) await this.#send({ type: "response.cancel" });
	}

	#createItem(item: Readonly<Record<string, unknown>>): Promise<void> {
		return this.#send({ type: "conversation.item.create", item });
	}

	#send(event: Readonly<Record<string, unknown>>): Promise<void> {
		return this.#connection.send(JSON.stringify(event));
	}

	#newEventId(): string {
		this.#eventNumber += 1;
		return `spear_${this.#eventNumber}`;
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		try {
			for await (const text of this.#messages) yield* this.#translator.translate(ServerEvent.parse(text, this.#connection.exchange));
			if (this.#closing || this.#turns.settled) return;
			throw new SpearError("backend_error", "the backend ended the session before it had answered", { retryable: true });
		} finally {
			this.#turns.end();
		}
	}
}
