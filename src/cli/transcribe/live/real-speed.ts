import { setTimeout } from "node:timers/promises";
import { abortError } from "../../../errors/spear-error.ts";

/** Passes audio on at the speed at which it is heard, however fast it can be read. */
export class RealSpeed {
	readonly #bytesPerS: number;
	readonly #signal: AbortSignal;
	#started: number | undefined;
	#bytes = 0;

	constructor(bytesPerS: number, signal: AbortSignal) {
		this.#bytesPerS = bytesPerS;
		this.#signal = signal;
	}

	/** Audio passed on, in seconds. */
	get seconds(): number {
		return this.#bytes / this.#bytesPerS;
	}

	/**
	 * Resolves when the next bytes have been spoken, counted from the first call.
	 *
	 * @throws SpearError the reason of the signal once that is aborted.
	 */
	async pass(bytes: number): Promise<void> {
		this.#started ??= performance.now();
		this.#bytes += bytes;
		const due = this.#started + this.seconds * 1000 - performance.now();
		try {
			if (due > 0) await setTimeout(due, undefined, { signal: this.#signal });
		} catch {}
		if (this.#signal.aborted) throw abortError(this.#signal);
	}
}
