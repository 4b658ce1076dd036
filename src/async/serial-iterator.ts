import { ARRIVED, type ArrivingIterator } from "./arrived.ts";

const ENDED = { done: true, value: undefined } as const;

/**
 * An async iterator with the behaviour of an async generator: calls are served one after the other, a failure ends it, and it is released once,
 * however it ends. Unlike a generator it passes items that have arrived without a wait, and makes one promise for an item that is waited for.
 *
 * @typeParam S Items of the source.
 * @typeParam T Items for the reader.
 */
export abstract class SerialIterator<S, T> implements AsyncGenerator<T, void, void>, ArrivingIterator<T> {
	#waiting: Promise<unknown> | undefined;
	#over = false;

	/** Returns the next step if it needs no wait. May throw. */
	protected abstract arrived(): IteratorResult<T, void> | undefined;
	/** Waits for the next step of the source. */
	protected abstract wait(): Promise<IteratorResult<S, void>>;
	/** Returns the reader's step for a step that was waited for. May throw. */
	protected abstract received(step: IteratorResult<S, void>): IteratorResult<T, void>;
	/** Returns the reader's error for a failure of `wait` or `received`. Called before `release`. */
	protected abstract failed(thrown: unknown): unknown;
	/** Releases everything. Called once: at the end, after a failure, or when the reader leaves. */
	protected abstract release(): void | Promise<void>;

	[Symbol.asyncIterator](): this {
		return this;
	}

	[ARRIVED](): IteratorResult<T, void> | undefined {
		if (this.#waiting !== undefined || this.#over) return undefined;
		try {
			const step = this.arrived();
			if (step?.done === true) this.#endUnwatched();
			return step;
		} catch (thrown) {
			this.#endUnwatched();
			throw thrown;
		}
	}

	next(): Promise<IteratorResult<T, void>> {
		if (this.#waiting !== undefined) return this.#afterWaiting(() => this.next());
		if (this.#over) return Promise.resolve(ENDED);
		try {
			const step = this[ARRIVED]();
			if (step !== undefined) return Promise.resolve(step);
		} catch (thrown) {
			return Promise.reject(thrown);
		}
		const next = this.#next();
		this.#waiting = next;
		return next;
	}

	/** Ends the sequence after the call that is pending. */
	return(): Promise<IteratorResult<T, void>> {
		return this.#afterWaiting(async () => {
			await this.#end();
			return ENDED;
		});
	}

	async throw(reason: unknown): Promise<never> {
		await this.return();
		throw reason;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	async #next(): Promise<IteratorResult<T, void>> {
		try {
			const step = this.received(await this.wait());
			if (step.done === true) await this.#end();
			return step;
		} catch (thrown) {
			const failure = this.failed(thrown);
			await this.#end();
			throw failure;
		} finally {
			this.#waiting = undefined;
		}
	}

	async #afterWaiting<R>(then: () => Promise<R>): Promise<R> {
		await this.#waiting?.catch(() => {}); // The call that waits reports the failure.
		return then();
	}

	/** Ends without a wait. The reader has its step or its failure already. */
	#endUnwatched(): void {
		const ending = this.#end();
		if (ending instanceof Promise) ending.catch(() => {});
	}

	#end(): void | Promise<void> {
		if (this.#over) return undefined;
		this.#over = true;
		return this.release();
	}
}
