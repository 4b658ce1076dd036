import { LinkedList, type ListPlace } from "./linked-list.ts";

type Listener = () => void;

/**
 * Listeners of signals. All of one signal share one listener of its own. Otherwise each request would add an event listener to the signal of its
 * caller, and remove it by a search through those of all other requests.
 */
const listenersOf = new WeakMap<AbortSignal, LinkedList<Listener>>();

/** A listener that was added to a signal. */
export class AbortListener {
	readonly #signal: AbortSignal;
	readonly #place: ListPlace;

	/** Made by {@link addAbortListener}. */
	constructor(signal: AbortSignal, place: ListPlace) {
		this.#signal = signal;
		this.#place = place;
	}

	/** Removes the listener. A signal without any has no listener of its own, so that a signal which follows others can be collected. */
	remove(): void {
		this.#place.remove();
		if (listenersOf.get(this.#signal)?.isEmpty !== true) return;
		listenersOf.delete(this.#signal);
		this.#signal.removeEventListener("abort", notify);
	}
}

/** Calls `listener` once when the signal is aborted. Returns `undefined` for a signal that is aborted already, whose listeners are never called. */
export function addAbortListener(signal: AbortSignal, listener: Listener): AbortListener | undefined {
	if (signal.aborted) return undefined;
	let listeners = listenersOf.get(signal);
	if (listeners === undefined) {
		listeners = new LinkedList();
		listenersOf.set(signal, listeners);
		signal.addEventListener("abort", notify, { once: true });
	}
	return new AbortListener(signal, listeners.add(listener));
}

function notify(this: AbortSignal): void {
	const listeners = listenersOf.get(this);
	for (let listener = listeners?.takeFirst(); listener !== undefined; listener = listeners?.takeFirst()) listener();
	listenersOf.delete(this);
}
