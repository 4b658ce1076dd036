/** Largest text of one event, in characters. */
const MAX_EVENT = 4 * 1_024 * 1_024;

/** An event of a stream of server-sent events. */
export interface SentEvent {
	/** Absent for an event without an id. */
	readonly id: string | undefined;
	readonly data: string;
}

/**
 * Splits a stream of server-sent events as the admin API sends them: lines end in a line feed, and comments begin with a colon.
 *
 * @throws RangeError for an event without an end.
 */
export class EventParser {
	/** Parts of the last line, which has not ended. Joined when its end arrives, so that a long line costs linear time. */
	#parts: string[] = [];
	#length = 0;
	#id: string | undefined;
	#data: string[] = [];

	/** Returns the events that end in a piece of text. */
	push(text: string): SentEvent[] {
		const events: SentEvent[] = [];
		const lines = text.split("\n");
		const last = lines.pop() ?? "";
		for (const line of lines) {
			this.#parts.push(line);
			const event = this.#line(this.#parts.join(""));
			this.#parts = [];
			if (event !== undefined) events.push(event);
		}
		this.#parts.push(last);
		this.#length += text.length;
		if (events.length > 0) this.#length = last.length;
		if (this.#length > MAX_EVENT) throw new RangeError("an event of the server has no end");
		return events;
	}

	#line(line: string): SentEvent | undefined {
		if (line !== "") {
			const colon = line.indexOf(":");
			const value = line.slice(colon + 1).replace(/^ /, "");
			if (line.startsWith("id:")) this.#id = value;
			else if (line.startsWith("data:")) this.#data.push(value);
			return undefined;
		}
		const data = this.#data;
		const event = data.length === 0 ? undefined : { id: this.#id, data: data.join("\n") };
		this.#data = [];
		this.#id = undefined;
		if (event === undefined) this.#length = 0;
		return event;
	}
}
