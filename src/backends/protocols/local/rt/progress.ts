/** Changes in the state of one session, on which its parts wait. Only few waits are open at once, so each change tests all conditions. */
export class Progress {
	readonly #waits = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
	#hasEnded = false;

	/** True once the session has ended. */
	get hasEnded(): boolean {
		return this.#hasEnded;
	}

	/** Number of open waits. */
	get waiting(): number {
		return this.#waits.size;
	}

	/** Ends the waits whose conditions hold. Call it after each change. */
	changed(): void {
		for (const wait of this.#waits) {
			if (!this.#hasEnded && !wait.holds()) continue;
			this.#waits.delete(wait);
			wait.resolve();
		}
	}

	/** Resolves once a condition holds or the session has ended. */
	async until(holds: () => boolean): Promise<void> {
		if (this.#hasEnded || holds()) return;
		await new Promise<void>((resolve) => this.#waits.add({ holds, resolve }));
	}

	/** Ends every wait, now and later. */
	end(): void {
		this.#hasEnded = true;
		this.changed();
	}
}
