import type { SpearError } from "../errors/spear-error.ts";

/** Receives the reason of a cancellation. */
export type CancelListener = (reason: SpearError) => void;

/**
 * Cancellation of a part of the host's own work. Lighter than an `AbortController`: a request has several parts, and few are ever cancelled. The
 * `AbortSignal` for code outside is made when it is asked for.
 */
export class CancelScope {
	#reason: SpearError | undefined;
	/** The listener that was added first, and the others. Most scopes have a single listener, for which a list would be made. */
	#first: CancelListener | undefined;
	#others: CancelListener[] | undefined;
	#controller: AbortController | undefined;

	/** Reason of the cancellation. `undefined` before it. */
	get reason(): SpearError | undefined {
		return this.#reason;
	}

	/** Aborted at the cancellation, with its reason. */
	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#reason !== undefined) this.#controller.abort(this.#reason);
		}
		return this.#controller.signal;
	}

	/** Cancels the work. Only the first call counts. Listeners of the signal come first, then those of the scope in their order. */
	cancel(reason: SpearError): void {
		if (this.#reason !== undefined) return;
		this.#reason = reason;
		this.#controller?.abort(reason);
		const [first, others] = [this.#first, this.#others];
		this.#first = undefined;
		this.#others = undefined;
		first?.(reason);
		for (const listener of others ?? []) listener(reason);
	}

	/** Calls `listener` at the cancellation; at once if that has happened. */
	onCancel(listener: CancelListener): void {
		if (this.#reason !== undefined) listener(this.#reason);
		else if (this.#first === undefined) this.#first = listener;
		else if (this.#others === undefined) this.#others = [listener];
		else this.#others.push(listener);
	}

	/** Removes a listener. */
	removeListener(listener: CancelListener): void {
		if (this.#first === listener) {
			this.#first = this.#others?.shift();
			return;
		}
		const at = this.#others?.indexOf(listener) ?? -1;
		if (at !== -1) this.#others?.splice(at, 1);
	}

	/**
	 * Settles with `promise`, or rejects with the reason as soon as the work is cancelled, whichever happens first.
	 *
	 * @param discardLate Receives the value if the promise resolves after the cancellation.
	 */
	race<T>(promise: Promise<T>, discardLate?: (late: T) => void): Promise<T> {
		return new Promise((resolve, reject) => {
			this.onCancel(reject);
			promise.then(
				(value) => {
					if (this.#reason !== undefined) {
						discardLate?.(value);
						return;
					}
					this.removeListener(reject);
					resolve(value);
				},
				(failure: unknown) => {
					this.removeListener(reject);
					reject(failure);
				},
			);
		});
	}
}
