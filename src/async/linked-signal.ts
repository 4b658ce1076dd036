import { type AbortListener, addAbortListener } from "./abort-listeners.ts";

/**
 * A signal that is aborted with the first of others, with its reason, until it is released. Use it where the end is known: `AbortSignal.any` needs no
 * release, and the collector of garbage does that work for each request instead.
 */
export class LinkedSignal implements Disposable {
	readonly #abort = new AbortController();
	readonly #listeners: (AbortListener | undefined)[];

	constructor(...others: readonly AbortSignal[]) {
		this.#listeners = others.map((other) => addAbortListener(other, () => this.#abort.abort(other.reason)));
		const aborted = others.find((other) => other.aborted);
		if (aborted !== undefined) this.#abort.abort(aborted.reason);
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Releases the signal: it is aborted no more. */
	[Symbol.dispose](): void {
		for (const listener of this.#listeners) listener?.remove();
	}
}
