/** Shortest time between two announcements to a screen reader, in milliseconds. */
const MIN_PAUSE_MS = 8_000;
/** Announcements that one sentence lists. The others are counted. */
const MOST_LISTED = 3;

/**
 * Collects messages for a screen reader, so that a storm of events becomes one sentence: the first message is due at once, and those of the next seconds
 * together.
 */
export class Announcements {
	#waiting: string[] = [];
	#lastAt = Number.NEGATIVE_INFINITY;

	add(message: string): void {
		if (!this.#waiting.includes(message)) this.#waiting.push(message);
	}

	/** Returns the sentence that is due, and forgets its messages. `undefined` for none. */
	take(now: number): string | undefined {
		if (this.#waiting.length === 0 || now - this.#lastAt < MIN_PAUSE_MS) return undefined;
		const listed = this.#waiting.slice(0, MOST_LISTED);
		const more = this.#waiting.length - listed.length;
		this.#waiting = [];
		this.#lastAt = now;
		return `${listed.join("; ")}${more === 0 ? "" : `; and ${more} more changes`}`;
	}
}
