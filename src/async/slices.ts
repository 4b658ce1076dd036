/** Items of a slice: a few milliseconds of work for messages of a conversation. */
const SLICE = 512;

/** Returns true for a list that needs no turn of the event loop. */
export function isOneSlice({ length }: { readonly length: number }): boolean {
	return length <= SLICE;
}

/**
 * Returns a turn of the event loop after each slice of a list, and `undefined` within a slice. Otherwise a list of tens of thousands of items
 * would block timers, sockets and every other guest for as long as its loop takes.
 *
 * @param index Position of the item that comes next.
 */
export function turnBeforeSlice(index: number): Promise<void> | undefined {
	if (index === 0 || index % SLICE !== 0) return undefined;
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
