import { abortError } from "../errors/spear-error.ts";

/**
 * Applies `work` to each item, to at most `limit` items concurrently. Returns the results in the order of the items.
 *
 * The first failure aborts the work in flight and starts no more. The function throws the failure once that work has ended.
 *
 * @throws SpearError the error of `signal` if that is aborted.
 */
export async function inParallel<T, R>(
	items: readonly T[],
	limit: number,
	signal: AbortSignal,
	work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
	const failure = new AbortController();
	const either = AbortSignal.any([signal, failure.signal]);
	const results: R[] = [];
	const queue = items.entries();
	const worker = async (): Promise<void> => {
		// All workers share one iterator.
		for (const [index, item] of queue) {
			if (either.aborted) return;
			try {
				results[index] = await work(item, either);
			} catch (thrown) {
				failure.abort(thrown);
				return;
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
	if (signal.aborted) throw abortError(signal);
	if (failure.signal.aborted) throw failure.signal.reason;
	return results;
}
