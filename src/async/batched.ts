import { ARRIVED, type ArrivingIterator } from "./arrived.ts";

/**
 * Returns the items of lists that arrive one after another. An item whose list has arrived costs one settled promise. Async generators that
 * pass items one by one make several promises for each item, in each generator.
 */
export function batched<T>(batches: AsyncIterator<readonly T[], void, void>): AsyncGenerator<T, void, void> {
	return new Batched(batches);
}

/** Returns the lists of a {@link batched} sequence that nothing has read yet, and lists of one item for other sequences. */
export function batchesOf<T>(items: AsyncIterable<T>): AsyncIterable<readonly T[]> {
	return items instanceof Batched ? items.batches : oneByOne(items);
}

async function* oneByOne<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[], void, void> {
	for await (const item of items) yield [item];
}

class Batched<T> implements AsyncGenerator<T, void, void>, ArrivingIterator<T> {
	readonly #source: AsyncIterator<readonly T[], void, void>;
	/** Items that have arrived. */
	#items: Iterator<T, void, void> = NONE;
	/** The call that waits for a list. Later calls wait for that call, so that the order of the items holds. */
	#waiting: Promise<unknown> | undefined;

	constructor(source: AsyncIterator<readonly T[], void, void>) {
		this.#source = source;
	}

	/** The lists themselves. */
	get batches(): AsyncIterable<readonly T[], void, void> {
		return { [Symbol.asyncIterator]: () => this.#source };
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	[ARRIVED](): IteratorResult<T, void> | undefined {
		if (this.#waiting !== undefined) return undefined;
		const item = this.#items.next();
		return item.done === true ? undefined : item;
	}

	next(): Promise<IteratorResult<T, void>> {
		if (this.#waiting !== undefined) return this.#afterWaiting();
		const item = this.#items.next();
		if (item.done !== true) return Promise.resolve(item);
		const next = this.#nextBatch();
		this.#waiting = next;
		return next;
	}

	/** Ends the source of the lists and drops the items that have arrived. */
	async return(): Promise<IteratorResult<T, void>> {
		this.#items = NONE;
		await this.#source.return?.();
		this.#items = NONE; // A list may have arrived meanwhile.
		return { done: true, value: undefined };
	}

	async throw(reason: unknown): Promise<never> {
		await this.return();
		throw reason;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	async #nextBatch(): Promise<IteratorResult<T, void>> {
		try {
			for (;;) {
				const step = await this.#source.next();
				if (step.done === true) return step;
				this.#items = step.value.values();
				const item = this.#items.next();
				if (item.done !== true) return item;
			}
		} finally {
			this.#waiting = undefined;
		}
	}

	async #afterWaiting(): Promise<IteratorResult<T, void>> {
		await this.#waiting?.catch(() => {}); // The call that waits reports the failure.
		return this.next();
	}
}

const NONE: Iterator<never, void, void> = { next: () => ({ done: true, value: undefined }) };
