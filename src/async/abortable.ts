import { abortError } from "../errors/spear-error.ts";

/**
 * Settles as `promise` does, or rejects as soon as `signal` is aborted, whichever comes first.
 *
 * @param drop Takes what the promise resolves to after that.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, drop: (late: T) => void = () => {}): Promise<T> {
	return new Promise((resolve, reject) => {
		let aborted = false;
		const onAbort = (): void => {
			aborted = true;
			reject(abortError(signal));
		};
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
		promise.then(
			(value) => {
				if (aborted) return drop(value);
				signal.removeEventListener("abort", onAbort);
				resolve(value);
			},
			(reason) => {
				signal.removeEventListener("abort", onAbort);
				reject(reason);
			},
		);
	});
}
