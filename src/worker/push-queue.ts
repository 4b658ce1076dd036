import type { Calls } from "./calls.ts";
import { STREAM_WINDOW_BYTES } from "./protocol.ts";

/** Part of the window after which credit is returned. Otherwise each event would cost a message. */
const CREDIT_BYTES = STREAM_WINDOW_BYTES / 4;

/** Most events that were taken and are still in the list. */
const MAX_TAKEN = 1_024;

/** Events that the host has pushed for one stream or session. Returns credit as they are taken, so that the host keeps within its window. */
export class PushQueue<E> {
	readonly #calls: Calls;
	#id = 0;
	#events: { readonly event: E; readonly bytes: number }[] = [];
	#next = 0;
	#owed = 0;
	#end: { readonly error: Error | undefined } | undefined;
	#wake: (() => void) | undefined;

	constructor(calls: Calls) {
		this.#calls = calls;
	}

	/** Id of the stream or session, set by the call that opens it. */
	get id(): number {
		return this.#id;
	}

	open(id: number): void {
		this.#id = id;
	}

	/** Adds an event of the host. */
	push(event: E, bytes: number): void {
		this.#events.push({ event, bytes });
		this.#wake?.();
	}

	/** Ends the events, after those that were pushed before. */
	end(error: Error | undefined): void {
		this.#end = { error };
		this.#wake?.();
	}

	/** True if the host has ended the events. */
	get ended(): boolean {
		return this.#end !== undefined;
	}

	/**
	 * Yields the events until their end. Credit for an event is returned when the next one is asked for.
	 *
	 * @throws The failure that the host has ended them with.
	 */
	async *events(): AsyncGenerator<E, void, void> {
		for (;;) {
			const entry = this.#take();
			if (entry !== undefined) {
				yield entry.event;
				this.#return(entry.bytes);
				continue;
			}
			if (this.#end !== undefined) {
				if (this.#end.error !== undefined) throw this.#end.error;
				return;
			}
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			this.#wake = undefined;
		}
	}

	#take(): { readonly event: E; readonly bytes: number } | undefined {
		const entry = this.#events[this.#next];
		if (entry === undefined) return undefined;
		this.#next += 1;
		if (this.#next === this.#events.length || this.#next === MAX_TAKEN) {
			this.#events = this.#events.slice(this.#next);
			this.#next = 0;
		}
		return entry;
	}

	#return(bytes: number): void {
		this.#owed += bytes;
		if (this.#owed < CREDIT_BYTES || this.ended) return;
		this.#calls.credit(this.#id, this.#owed);
		this.#owed = 0;
	}
}
