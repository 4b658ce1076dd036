/** Counts the requests in progress, and tells when there are none. */
export class RequestCount {
	#running = 0;
	#whenNone: (() => void)[] = [];

	get running(): number {
		return this.#running;
	}

	begin(): void {
		this.#running += 1;
	}

	end(): void {
		this.#running -= 1;
		if (this.#running > 0) return;
		for (const resolve of this.#whenNone.splice(0)) resolve();
	}

	/** Resolves when no request is in progress. */
	none(): Promise<void> {
		if (this.#running === 0) return Promise.resolve();
		return new Promise((resolve) => this.#whenNone.push(resolve));
	}
}
