import { ARRIVED, type ArrivingIterator } from "./arrived.ts";
import { SerialIterator } from "./serial-iterator.ts";

export interface MappedStreamOptions<T, U> {
	/** Opens the stream. Called for the first item. */
	readonly open: () => AsyncIterable<T, void, void>;
	/** Returns the item for the reader. */
	readonly map: (item: T) => U;
	/** Called once: at the end, after a failure, or when the reader leaves. */
	readonly onEnd: () => void;
}

/** Returns the items of a stream, each passed through a function. */
export function mappedStream<T, U>(options: MappedStreamOptions<T, U>): AsyncGenerator<U, void, void> {
	return new MappedStream(options);
}

class MappedStream<T, U> extends SerialIterator<T, U> {
	readonly #options: MappedStreamOptions<T, U>;
	#source: ArrivingIterator<T> | undefined;

	constructor(options: MappedStreamOptions<T, U>) {
		super();
		this.#options = options;
	}

	protected override arrived(): IteratorResult<U, void> | undefined {
		const step = this.#source?.[ARRIVED]?.();
		return step === undefined ? undefined : this.received(step);
	}

	protected override wait(): Promise<IteratorResult<T, void>> {
		this.#source ??= this.#options.open()[Symbol.asyncIterator]();
		return this.#source.next();
	}

	protected override received(step: IteratorResult<T, void>): IteratorResult<U, void> {
		return step.done === true ? step : { done: false, value: this.#options.map(step.value) };
	}

	protected override failed(thrown: unknown): unknown {
		return thrown;
	}

	protected override async release(): Promise<void> {
		try {
			await this.#source?.return?.();
		} finally {
			this.#options.onEnd();
		}
	}
}
