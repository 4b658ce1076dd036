/** How long guests may go on without the event loop having had a turn, in ms. */
const SLICE_MS = 10;

let lastTurn = Number.NEGATIVE_INFINITY;

/**
 * Gives the event loop a turn when it may not have had one for a while: undefined when it had.
 *
 * A hostcall that need not wait answers without one, so a guest that makes such calls over and over would otherwise keep timers,
 * sockets and every other guest from going on, and could not even be aborted.
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
