import { abortError } from "../errors/spear-error.ts";
import type { Clock } from "../time/clock.ts";

/**
 * Waits by a clock.
 *
 * @param ms Duration in milliseconds. 0 or less: no wait.
 * @throws The error of `signal` as soon as that is aborted.
 */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.reject(abortError(signal));
	if (ms <= 0) return Promise.resolve();
	return new Promise((resolve, reject) => {
		const onAbort = (): void => {
			cancel();
			reject(abortError(signal));
		};
		const cancel = clock.after(ms, () => {
			signal.removeEventListener("abort", onAbort);
			resolve();
		});
		signal.addEventListener("abort", onAbort, { once: true });
	});
}
