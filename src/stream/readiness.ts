/**
 * Level-triggered readiness: the one thing a pollable needs. Sources are polled together by subscribing to each and
 * unsubscribing from all once the first fires, so that waiting on a long-lived stream leaves nothing behind on it.
 */
export interface Readiness {
	/** Whether it is ready now. */
	isReady(): boolean;
	/** Calls `notify` at the next change to ready; the returned function takes the subscription back. */
	onReady(notify: () => void): () => void;
}

/** A set of subscribers to be told of one kind of change. */
export class Notifier {
	readonly #subscribers = new Set<() => void>();

	subscribe(notify: () => void): () => void {
		this.#subscribers.add(notify);
		return () => this.#subscribers.delete(notify);
	}

	/** Tells each subscriber once and forgets it. */
	notifyAll(): void {
		const subscribers = [...this.#subscribers];
		this.#subscribers.clear();
		for (const notify of subscribers) notify();
	}

	get size(): number {
		return this.#subscribers.size;
	}
}

/**
 * Waits until at least one source is ready and returns the indices of all that are, ascending. Answers every index once
 * `signal` is aborted: whoever waits then learns of the abort from the source itself.
 */
export async function waitForAny(sources: readonly Readiness[], signal: AbortSignal): Promise<number[]> {
	for (;;) {
		if (signal.aborted) return sources.map((_, index) => index);
		const ready = sources.flatMap((source, index) => (source.isReady() ? [index] : []));
		if (ready.length > 0 || sources.length === 0) return ready;
		await firstOf(sources, signal);
	}
}

function firstOf(sources: readonly Readiness[], signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const undo: (() => void)[] = [];
		const done = (): void => {
			for (const step of undo) step();
			resolve();
		};
		signal.addEventListener("abort", done, { once: true });
		undo.push(() => signal.removeEventListener("abort", done));
		for (const source of sources) undo.push(source.onReady(done));
	});
}
