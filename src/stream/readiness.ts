import type { Readiness } from "../../generated/hostcall/runtime.ts";

export type { Readiness };

/** Subscribers to one kind of change. */
export class Notifier {
	readonly #subscribers = new Set<() => void>();

	/** Calls `notify` at the next `notifyAll`. Returns a function that cancels the subscription. */
	subscribe(notify: () => void): () => void {
		this.#subscribers.add(notify);
		return () => this.#subscribers.delete(notify);
	}

	/** Notifies every subscriber and removes all of them. */
	notifyAll(): void {
		if (this.#subscribers.size === 0) return;
		const subscribers = [...this.#subscribers];
		this.#subscribers.clear();
		for (const notify of subscribers) notify();
	}

	get size(): number {
		return this.#subscribers.size;
	}
}

/**
 * Waits until at least one source is ready, and returns the indices of all ready sources, ascending. Returns every index once `signal` is
 * aborted, because each source then reports the abort itself. No subscription outlives the wait.
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
		const cancellations: (() => void)[] = [];
		const done = (): void => {
			for (const cancel of cancellations) cancel();
			resolve();
		};
		signal.addEventListener("abort", done, { once: true });
		cancellations.push(() => signal.removeEventListener("abort", done));
		for (const source of sources) cancellations.push(source.onReady(done));
	});
}
