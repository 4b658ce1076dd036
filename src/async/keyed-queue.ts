/** Runs tasks of the same key one after the other, and tasks of different keys concurrently. */
export class KeyedQueue {
	readonly #tails = new Map<string, Promise<void>>();

	async run<T>(key: string, task: () => Promise<T>): Promise<T> {
		const before = this.#tails.get(key) ?? Promise.resolve();
		const result = before.then(task);
		const tail = result.then(ignore, ignore);
		this.#tails.set(key, tail);
		try {
			return await result;
		} finally {
			if (this.#tails.get(key) === tail) this.#tails.delete(key);
		}
	}
}

function ignore(): void {}
