/** Tasks that continue after the call that started them. */
export class BackgroundTasks {
	readonly #onFault: (cause: unknown) => void;
	readonly #pending = new Set<Promise<void>>();

	/** @param onFault Called with the error of a task that fails. */
	constructor(onFault: (cause: unknown) => void) {
		this.#onFault = onFault;
	}

	add(task: Promise<void>): void {
		const settled = task.catch(this.#onFault).finally(() => this.#pending.delete(settled));
		this.#pending.add(settled);
	}

	/** Resolves when no task is pending, including tasks that are added meanwhile. */
	async settled(): Promise<void> {
		while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
	}
}
