/**
 * Returns what `next` makes of a value: at once for a value that is there, else as a promise. A function that mostly need not wait saves the
 * promises and turns of an async function by it.
 *
 * @param next Called at once for a value. May throw then.
 */
export function chained<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
	return value instanceof Promise ? value.then(next) : next(value);
}
