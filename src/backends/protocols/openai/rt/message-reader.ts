/** Result of a wait for a message. */
export type Read = { readonly type: "message"; readonly text: string } | { readonly type: "end" } | { readonly type: "silence" };

/** Reads the messages of a connection one by one, each with a bounded wait. A message that arrives after its wait is read by the next one. */
export class MessageReader {
	readonly #source: AsyncGenerator<string, void, void>;
	#pending: Promise<IteratorResult<string, void>> | undefined;

	constructor(source: AsyncGenerator<string, void, void>) {
		this.#source = source;
	}

	/**
	 * Reads the next message. Skips blank ones, which some servers send as heartbeats.
	 *
	 * @param waitMs Longest wait, in milliseconds. 0 means no limit.
	 * @throws SpearError as the connection fails.
	 */
	async next(waitMs: number): Promise<Read> {
		for (;;) {
			this.#pending ??= this.#source.next();
			const step = await within(this.#pending, waitMs);
			if (step === undefined) return { type: "silence" };
			this.#pending = undefined;
			if (step.done === true) return { type: "end" };
			if (step.value.trim() !== "") return { type: "message", text: step.value };
		}
	}
}

/** Resolves with the value of `promise`, or with `undefined` once the wait is over. */
async function within<T>(promise: Promise<T>, waitMs: number): Promise<T | undefined> {
	if (waitMs === 0) return promise;
	const over = Promise.withResolvers<undefined>();
	const timer = setTimeout(() => over.resolve(undefined), waitMs);
	try {
		return await Promise.race([promise, over.promise]);
	} finally {
		clearTimeout(timer);
	}
}
