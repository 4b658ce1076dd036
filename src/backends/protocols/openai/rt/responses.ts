import { OrderedIds } from "./ordered-ids.ts";

/** Number of ended responses that are remembered, for events that arrive late or twice. */
const REMEMBERED = 16;

/** Ids of the responses in progress, and of the latest ones that have ended. */
export class Responses {
	readonly #active = new OrderedIds();
	readonly #ended = new OrderedIds();

	/** True if a response is in progress. */
	get active(): boolean {
		return this.#active.size > 0;
	}

	/** Returns true for a response that has ended lately. */
	hasEnded(id: string): boolean {
		return id !== "" && this.#ended.has(id);
	}

	start(id: string): void {
		this.#active.add(id);
	}

	/**
	 * Ends a response, and returns its id. The end of an unknown response ends the oldest one in progress. Responses follow one another, and
	 * some servers name them differently or not at all.
	 */
	end(id: string): string {
		const ended = this.#active.has(id) ? id : (this.#active.oldest ?? id);
		this.#active.delete(ended);
		this.#ended.add(ended);
		if (this.#ended.size > REMEMBERED) this.#ended.deleteOldest();
		return ended;
	}

	/** Ends every response in progress. */
	endAll(): void {
		while (this.#active.oldest !== undefined) this.end(this.#active.oldest);
	}
}
