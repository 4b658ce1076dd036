/**
 * Yields the items that a function pushes while it runs, then ends or fails as the function does. If the consumer leaves early, the signal of
 * the function is aborted.
 *
 * Items wait without a bound of their own, so the function must have one.
 */
export async function* pushed<T>(
	run: (push: (item: T) => void, signal: AbortSignal) => Promise<void>,
	signal: AbortSignal,
): AsyncGenerator<T, void, void> {
	const left = new AbortController();
	const items: T[] = [];
	let isEnded = false;
	let wake = Promise.withResolvers<void>();
	const push = (item: T): void => {
		items.push(item);
		wake.resolve();
	};
	const running = run(push, AbortSignal.any([signal, left.signal])).finally(() => {
		isEnded = true;
		wake.resolve();
	});
	// The loop below reports the failure, unless the consumer leaves before.
	running.catch(() => {});
	try {
		while (!isEnded || items.length > 0) {
			yield* items.splice(0);
			if (isEnded) continue;
			await wake.promise;
			wake = Promise.withResolvers();
		}
		await running;
	} finally {
		left.abort();
	}
}
