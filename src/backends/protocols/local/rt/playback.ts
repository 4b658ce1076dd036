/** Position of a listener who hears the audio of an answer as it arrives, without pause where there is enough. */
export class Playback {
	readonly #leadMs: number;
	#sentMs = 0;
	/** Time at which all audio so far has been heard. */
	#endsAt = 0;

	/** @param leadMs Most audio ahead of the listener, in milliseconds. */
	constructor(leadMs: number) {
		this.#leadMs = leadMs;
	}

	/** Audio so far, in milliseconds. */
	get sentMs(): number {
		return this.#sentMs;
	}

	/** Audio that the listener has heard, in milliseconds. */
	get heardMs(): number {
		return Math.max(0, this.#sentMs - Math.max(0, this.#endsAt - performance.now()));
	}

	/** Time to wait until the listener needs more, in milliseconds. */
	get waitMs(): number {
		return Math.max(0, this.#endsAt - performance.now() - this.#leadMs);
	}

	/** Adds audio. */
	add(ms: number): void {
		this.#sentMs += ms;
		this.#endsAt = Math.max(this.#endsAt, performance.now()) + ms;
	}
}
