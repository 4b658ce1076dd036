/** Yields the items of a sequence, whose next item is made while the consumer has the one before. */
export async function* ahead<T>(source: AsyncIterable<T, void>): AsyncGenerator<T, void, void> {
	const items = source[Symbol.asyncIterator]();
	const read = (): Promise<IteratorResult<T, void>> => {
		const next = items.next();
		// The loop awaits it, unless the consumer leaves before.
		next.catch(() => {});
		return next;
	};
	let next = read();
	try {
		for (;;) {
			const step = await next;
			if (step.done === true) return;
			next = read();
			yield step.value;
		}
	} finally {
		// Does not wait for the item that is being made.
		void Promise.resolve(items.return?.()).catch(() => {});
	}
}
