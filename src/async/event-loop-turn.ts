/** Longest time without a turn of the event loop, in milliseconds. Bounds the delay that a looping guest adds to everything else. */
const SLICE_MS = 10;

let lastTurn = Number.NEGATIVE_INFINITY;

/**
 * Yields to the event loop if the last turn is more than {@link SLICE_MS} ago. Returns `undefined` if no turn is due.
 *
 * Hostcalls that need not wait return without a turn of the event loop. Otherwise a guest that makes such calls in a loop would
 * block timers, sockets and every other guest, and could not be aborted.
 */
export function eventLoopTurn(): Promise<void> | undefined {
	return performance.now() - lastTurn < SLICE_MS ? undefined : nextTurn();
}

/**
 * Yields to the event loop.
 *
 * For calls that mean to wait, also if they need not: a guest that sleeps for 0 ms in a loop gives way to every other guest each time.
 */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(() => {
			lastTurn = performance.now();
			resolve();
		});
	});
}
