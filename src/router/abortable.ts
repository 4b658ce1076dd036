import { abortError } from "../errors/spear-error.ts";

/** Settles as `promise` does, or rejects as soon as `signal` is aborted, whichever comes first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	if (signal.aborted) {
		promise.catch(() => {});
		throw abortError(signal);
	}
	let onAbort = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		onAbort = () => reject(abortError(signal));
		signal.addEventListener("abort", onAbort, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

/** The items of `source`, until `signal` is aborted: then its reason is thrown at once and `source` is told to end. */
export async function* abortableItems<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
	const iterator = source[Symbol.asyncIterator]();
	try {
		for (;;) {
			const item = await abortable(iterator.next(), signal);
			if (item.done === true) return;
			yield item.value;
		}
	} finally {
		// Not awaited: a source that ignores its signal must not hold back the caller.
		void iterator.return?.()?.catch(() => {});
	}
}
