/** Longest time without a turn of the event loop, in milliseconds. */
const SLICE_MS = 10;

let lastTurn = Number.NEGATIVE_INFINITY;

/**
 * Yields to the event loop if it had no turn for a while; returns `undefined` if it had one.
 *
 * A hostcall with an immediate answer does not yield by itself. Otherwise a guest that repeats such calls would starve timers, sockets and
 * other guests, and could not be aborted.
 */
export function eventLoopTurn(): Promise<void> | undefined {
	if (performance.now() - lastTurn < SLICE_MS) return undefined;
	return new Promise((resolve) => {
		setImmediate(() => {
			lastTurn = performance.now();
			resolve();
		});
	});
}
