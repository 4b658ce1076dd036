/**
 * Listeners of signals. All of one signal share one listener of its own. Otherwise each request would add an event listener to the signal of its
 * caller, and remove it by a search through those of all other requests.
 */
const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `listener` once when the signal is aborted. Has no effect for a signal that is aborted already. */
export function addAbortListener(signal: AbortSignal, listener: () => void): void {
	if (signal.aborted) return;
	const known = listenersOf.get(signal);
	if (known !== undefined) {
		known.add(listener);
		return;
	}
	const listeners = new Set([listener]);
	listenersOf.set(signal, listeners);
	signal.addEventListener("abort", notify, { once: true });
}

/** Removes a listener. A signal without any has no listener of its own, so that a signal which follows others can be collected. */
export function removeAbortListener(signal: AbortSignal, listener: () => void): void {
	const listeners = listenersOf.get(signal);
	if (listeners?.delete(listener) !== true || listeners.size > 0) return;
	listenersOf.delete(signal);
	signal.removeEventListener("abort", notify);
}

function notify(this: AbortSignal): void {
	for (const listener of listenersOf.get(this) ?? []) listener();
	listenersOf.delete(this);
}
