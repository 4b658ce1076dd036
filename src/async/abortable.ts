import { abortError } from "../errors/spear-error.ts";

/**
 * Settles with `promise`, or rejects with the signal's error as soon as `signal` is aborted, whichever happens first.
 *
 * @param discardLate Receives the value if the promise resolves after the abort.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, discardLate: (late: T) => void = () => {}): Promise<T> {
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
				if (aborted) return discardLate(value);
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
