/** Guests of this process by key, for as long as the host uses them: loading the same guest again compiles nothing. */
export class LoadCache<T extends object> {
	readonly #loaded = new Map<string, WeakRef<T>>();
	/** Loads in progress. Concurrent loads of one guest meter and compile it once. */
	readonly #underway = new Map<string, Promise<T>>();
	readonly #forget = new FinalizationRegistry<string>((key) => {
		if (this.#loaded.get(key)?.deref() === undefined) this.#loaded.delete(key);
	});

	/** Returns the guest of a key, or makes it. A failure is not kept. */
	async get(key: string, make: () => Promise<T>): Promise<T> {
		const known = this.#loaded.get(key)?.deref() ?? this.#underway.get(key);
		if (known !== undefined) return known;
		const making = make();
		this.#underway.set(key, making);
		try {
			const guest = await making;
			this.#loaded.set(key, new WeakRef(guest));
			this.#forget.register(guest, key);
			return guest;
		} finally {
			this.#underway.delete(key);
		}
	}
}
