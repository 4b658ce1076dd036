import { ARRIVED, type ArrivingIterator } from "./arrived.ts";

/** A stream whose first event has arrived. */
export interface OpenedStream<T> {
	readonly first: IteratorResult<T, void>;
	/** Yields the events after the first. */
	readonly rest: ArrivingIterator<T>;
}

/** Opens a stream by its first event. */
export async function opened<T>(stream: AsyncIterable<T, void>): Promise<OpenedStream<T>> {
	const rest = stream[Symbol.asyncIterator]();
	return { first: await rest.next(), rest };
}

/**
 * Returns the events of a stream that is opened with the first call. All later calls go to the stream itself. A generator in between would
 * make promises for each event.
 *
 * @param open Returns the opened stream, for example that of a second attempt.
 */
export function openedStream<T>(open: () => Promise<OpenedStream<T>>): AsyncGenerator<T, void, void> {
	return new LazyStream(open);
}

class LazyStream<T> implements AsyncGenerator<T, void, void>, ArrivingIterator<T> {
	readonly #open: () => Promise<OpenedStream<T>>;
	#opening: Promise<IteratorResult<T, void>> | undefined;
	#rest: ArrivingIterator<T> | undefined;

	constructor(open: () => Promise<OpenedStream<T>>) {
		this.#open = open;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	[ARRIVED](): IteratorResult<T, void> | undefined {
		return this.#rest?.[ARRIVED]?.();
	}

	next(): Promise<IteratorResult<T, void>> {
		if (this.#rest !== undefined) return this.#rest.next();
		if (this.#opening !== undefined) return this.#afterOpening(() => this.next());
		this.#opening = this.#first();
		return this.#opening;
	}

	/** Ends the stream. A stream that opens at this time ends after its first event. */
	return(): Promise<IteratorResult<T, void>> {
		if (this.#opening === undefined) this.#rest = ENDED;
		return this.#afterOpening(async () => {
			await this.#rest?.return?.();
			return { done: true, value: undefined };
		});
	}

	async throw(reason: unknown): Promise<never> {
		await this.return();
		throw reason;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	async #first(): Promise<IteratorResult<T, void>> {
		try {
			const { first, rest } = await this.#open();
			this.#rest = rest;
			return first;
		} catch (thrown) {
			this.#rest = ENDED;
			throw thrown;
		}
	}

	/** The call that opens the stream reports a failure to do so. */
	async #afterOpening<R>(then: () => Promise<R>): Promise<R> {
		await this.#opening?.catch(() => {});
		return then();
	}
}

const ENDED: ArrivingIterator<never> = { next: async () => ({ done: true, value: undefined }) };
