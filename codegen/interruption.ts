/** Ctrl-C, or a request to end: a run stops before it changes anything, or ends whole. */
import { setImmediate as turn } from "node:timers/promises";
import { CodegenFailure } from "./failure.ts";
import type { LockOptions } from "./write/lock.ts";

export class Interruption {
	readonly #signal: AbortSignal | undefined;
	#isWriting = false;

	/** @param signal aborted by Ctrl-C. Absent: the run is never interrupted. */
	constructor(signal: AbortSignal | undefined) {
		this.#signal = signal;
	}

	/**
	 * Precedes the writing of a run, which is not left off then.
	 *
	 * @throws CodegenFailure with exit code 130 after a signal
	 */
	readonly beforeWrite = async (): Promise<void> => {
		await throwIfInterrupted(this.#signal);
		this.#isWriting = true;
	};

	/**
	 * Returns the result of a run. After a signal, the run is not waited for: an emitter may never end.
	 *
	 * @throws CodegenFailure with exit code 130 after a signal, unless the run writes already
	 */
	async during<T>(run: Promise<T>): Promise<T> {
		const aborted = Promise.withResolvers<never>();
		const onAbort = (): void => {
			if (!this.#isWriting) aborted.reject(interrupted());
		};
		this.#signal?.addEventListener("abort", onAbort, { once: true });
		try {
			return await Promise.race([run, aborted.promise]);
		} finally {
			this.#signal?.removeEventListener("abort", onAbort);
		}
	}
}

export function interrupted(state = "nothing was changed"): CodegenFailure {
	return new CodegenFailure(`interrupted; ${state}`, { exitCode: 130 });
}

/**
 * Ends work that computes for long. Lets the event loop turn first: otherwise the process would not notice a signal.
 *
 * @param state of the files, for the message. The default is that nothing was changed.
 * @throws CodegenFailure with exit code 130 after a signal
 */
export async function throwIfInterrupted(signal: AbortSignal | undefined, state?: string): Promise<void> {
	await turn();
	if (signal?.aborted) throw interrupted(state);
}

/** Reports what a run meets when it takes the lock, and ends its wait after a signal. */
export function lockOptions(run: string, stderr: (text: string) => void, signal: AbortSignal | undefined): LockOptions {
	return {
		onWait: (holder) => stderr(`another ${run} (${holder}) is writing; waiting for it\n`),
		onFutureFlag: (flag) => stderr(`warning: removed ${flag}, the lock of a run on another machine, because its date is in the future\n`),
		beforeAttempt: () => throwIfInterrupted(signal),
	};
}
