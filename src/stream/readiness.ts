import type { Readiness } from "../../generated/hostcall/runtime.ts";

export type { Readiness };

/** The subscribers to one kind of change. */
export class Notifier {
	readonly #subscribers = new Set<() => void>();

	subscribe(notify: () => void): () => void {
		this.#subscribers.add(notify);
		return () => this.#subscribers.delete(notify);
	}

	/** Notifies each subscriber once and removes it. */
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
 * Waits until at least one source is ready and returns the indices of all that are, ascending. Once `signal` is aborted it returns
 * every index: the guest then learns of the abort from the source itself. No subscription outlives the wait.
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
