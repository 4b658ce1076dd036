import type * as rt from "../../../../../generated/ir/rt.ts";
import type { Progress } from "./progress.ts";

/** Events of an open session. The host adds the terminal event. */
export type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** Events that wait for the reader. Every writer waits for room before it makes events, so few events wait. */
export class Outbox {
	readonly #progress: Progress;
	readonly #events: ChannelEvent[] = [];
	#hasEnded = false;
	#failure: unknown;

	constructor(progress: Progress) {
		this.#progress = progress;
	}

	/** Number of events that wait. */
	get length(): number {
		return this.#events.length;
	}

	/** Adds an event. Has no effect after the end. */
	post(event: ChannelEvent): void {
		if (this.#hasEnded) return;
		this.#events.push(event);
		this.#progress.changed();
	}

	/** Removes the audio and the transcript of an item that wait for the reader. Returns the bytes of that audio. */
	withdraw(itemId: string): number {
		let bytes = 0;
		const kept = this.#events.filter((event) => {
			if (!isOutputOf(event, itemId)) return true;
			if (event.type === "audio") bytes += event.audio.audio.length;
			return false;
		});
		this.#events.splice(0, this.#events.length, ...kept);
		this.#progress.changed();
		return bytes;
	}

	/** Resolves once fewer than `count` events wait, or the session has ended. */
	room(count: number): Promise<void> {
		return this.#progress.until(() => this.#events.length < count);
	}

	/** Ends the events: after those that wait without a failure, at once with one. */
	end(failure?: unknown): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		this.#failure = failure;
		if (failure !== undefined) this.#events.length = 0;
		this.#progress.changed();
	}

	/** Yields the events. */
	async *read(): AsyncGenerator<ChannelEvent, void, void> {
		for (;;) {
			await this.#progress.until(() => this.#events.length > 0 || this.#hasEnded);
			const next = this.#events.shift();
			if (next !== undefined) {
				this.#progress.changed();
				yield next;
			} else if (this.#failure !== undefined) throw this.#failure;
			else if (this.#hasEnded) return;
		}
	}
}

function isOutputOf(event: ChannelEvent, itemId: string): boolean {
	if (event.type === "audio") return event.audio.item_id === itemId;
	return event.type === "output_transcript" && event.output_transcript.item_id === itemId;
}
