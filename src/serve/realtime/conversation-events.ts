import type * as rt from "../../../generated/ir/rt.ts";
import { ResponseEvents } from "./response-events.ts";
import { newId, newItem, type ServerEvent, userMessage } from "./server-event.ts";

/** Turns of the user whose transcript may still come. Older ones are forgotten. */
const MAX_TURNS = 64;

/** Events of a host's session that are no end. */
export type LiveEvent = Exclude<rt.Event, { type: "completed" | "failed" | "warning" }>;

/** Makes the events of OpenAI's protocol from those of a session, and holds the state that they refer to: items, the response. */
export class ConversationEvents {
	#last: string | null = null;
	#response: ResponseEvents | undefined;
	/** Id of the turn that is being spoken. */
	#speaking: string | undefined;
	/** Turns of the user that no transcript has named yet, in order. */
	readonly #unnamed: string[] = [];
	/** Ids of turns by the upstream's ids. */
	readonly #named = new Map<string, string>();

	/** Id of the last item. `null` before the first one. */
	get last(): string | null {
		return this.#last;
	}

	/** Returns the events of a turn that the client commits. */
	committed(): ServerEvent[] {
		return this.#turn(newId("item"));
	}

	/** Returns the events of an item that the client creates. */
	created(item: Parameters<typeof newItem>[0]): ServerEvent[] {
		const events = newItem(item, this.#last);
		this.#last = item.id;
		return events;
	}

	/** Notes that the client cancels the response in flight. */
	cancelled(): void {
		if (this.#response !== undefined) this.#response.isCancelled = true;
	}

	/** Returns the events of the protocol for an event of the session. */
	eventsOf(event: LiveEvent): ServerEvent[] {
		switch (event.type) {
			case "speech_started": {
				this.#speaking = newId("item");
				return [{ type: "input_audio_buffer.speech_started", audio_start_ms: event.speech_started, item_id: this.#speaking }];
			}
			case "speech_stopped": {
				const id = this.#speaking ?? newId("item");
				this.#speaking = undefined;
				return [{ type: "input_audio_buffer.speech_stopped", audio_end_ms: event.speech_stopped, item_id: id }, ...this.#turn(id)];
			}
			case "input_transcript": {
				const { id, events } = this.#turnOf(event.input_transcript.item_id);
				const delta = event.input_transcript.text;
				return [...events, { type: "conversation.item.input_audio_transcription.delta", item_id: id, content_index: 0, delta }];
			}
			case "input_transcript_done": {
				const { id, events } = this.#turnOf(event.input_transcript_done.item_id);
				const { item_id, text: transcript } = event.input_transcript_done;
				// An upstream without ids has the same for every turn.
				if (item_id === "") this.#named.delete(item_id);
				return [...events, { type: "conversation.item.input_audio_transcription.completed", item_id: id, content_index: 0, transcript }];
			}
			case "response_started":
				return [...this.#ended(), ...this.#begun(event.response_started).begin()];
			case "audio":
				return this.#inResponse((response) => response.audio(event.audio));
			case "output_transcript":
				return this.#inResponse((response) => response.transcript(event.output_transcript));
			case "text":
				return this.#inResponse((response) => response.text(event.text));
			case "tool_call":
				return this.#inResponse((response) => response.toolCall(event.tool_call));
			case "response_done":
				return this.#ended();
		}
	}

	#begun(id: string): ResponseEvents {
		this.#response = new ResponseEvents(id, this.#last);
		return this.#response;
	}

	/** Ends the response in flight, if there is one. */
	#ended(): ServerEvent[] {
		const events = this.#response?.end() ?? [];
		this.#response = undefined;
		return events;
	}

	/** Returns events of the response in flight. An upstream may begin one without notice. */
	#inResponse(make: (response: ResponseEvents) => ServerEvent[]): ServerEvent[] {
		const begun = this.#response === undefined ? this.#begun("").begin() : [];
		const response = this.#response ?? this.#begun("");
		const events = make(response);
		this.#last = response.last;
		return [...begun, ...events];
	}

	/** Returns the events of a turn of the user that is complete. */
	#turn(id: string): ServerEvent[] {
		this.#unnamed.push(id);
		if (this.#unnamed.length > MAX_TURNS) this.#unnamed.shift();
		return [{ type: "input_audio_buffer.committed", previous_item_id: this.#last, item_id: id }, ...this.#spoken(id)];
	}

	#spoken(id: string): ServerEvent[] {
		return this.created(userMessage(id, [{ type: "input_audio", transcript: null }]));
	}

	/** Returns the turn that the upstream knows by this id: the one known so, else the oldest without an id, else a new one. */
	#turnOf(upstreamId: string): { readonly id: string; readonly events: ServerEvent[] } {
		const known = this.#named.get(upstreamId);
		if (known !== undefined) return { id: known, events: [] };
		const waiting = this.#unnamed.shift() ?? this.#speaking;
		const id = waiting ?? newId("item");
		this.#named.set(upstreamId, id);
		const [oldest] = this.#named.keys();
		if (this.#named.size > MAX_TURNS && oldest !== undefined) this.#named.delete(oldest);
		return { id, events: waiting === undefined ? this.#spoken(id) : [] };
	}
}
