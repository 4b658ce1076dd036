/** Method of an iterator that knows which of its items have arrived. */
export const ARRIVED = Symbol("arrived");

/**
 * An iterator whose items may arrive in groups. Layers that take an item at once make no promise for it, which costs more than most
 * items are worth.
 */
export interface ArrivingIterator<T> extends AsyncIterator<T, void, void> {
	/**
	 * Returns the next step if it needs no wait. `undefined` if it does, or if it is not known yet; `next` is to be called then. Never called
	 * while a call of `next` is pending.
	 *
	 * @throws As `next` rejects.
	 */
	[ARRIVED]?(): IteratorResult<T, void> | undefined;
}
