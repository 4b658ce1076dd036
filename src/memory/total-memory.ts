/** The account of one guest instance, as a part of the sum. */
export interface TotalMember {
	/** Bytes that the member holds, as of its last sample. */
	readonly used: number;
	/** Bytes by which its linear memory has grown since its last sample within the limit. */
	readonly growth: number;
	/** True after `evict`. */
	readonly evicted: boolean;
	/** Reads the size of its linear memory. */
	sample(): void;
	/** Ends the instance because of its growth. */
	evict(): void;
}

/**
 * Parts of the limit that each use may fill. New instances wait first, then growing ones end, and calls are refused last. Otherwise guests
 * that fill their memory would leave no room for the calls of the others.
 */
const ADMISSION_SHARE = 0.8;
const GROWTH_SHARE = 0.9;

/** Members whose memory one call of `sample` reads. */
const SAMPLES = 16;

/**
 * The memory that all guest instances of a host hold together, and its limit.
 *
 * A growth of linear memory cannot be refused when it happens, because the WebAssembly engine does not ask the host. The next check of the
 * growing guest finds the growth. So the sum can exceed the share of growth by what the running guests allocate between two checks.
 */
export class TotalMemory {
	readonly #members = new Set<TotalMember>();
	/** The members that `sample` reads next. A set, because an iterator that waits would hold members that have left. */
	#unread = new Set<TotalMember>();
	#limit: number;
	#used = 0;
	/** A start that waits for memory. */
	#waiting: { readonly bytes: number; readonly notify: () => void } | undefined;

	/** @param limit Largest sum, in bytes. `Infinity` for none. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Largest sum, in bytes. */
	get limit(): number {
		return this.#limit;
	}

	/** Bytes that all members hold, as of their last samples. */
	get used(): number {
		return this.#used;
	}

	/** The most memory that an instance may need at its start, in bytes. */
	get maxAdmitted(): number {
		return Math.floor(this.#limit * ADMISSION_SHARE);
	}

	/** True while linear memories may grow. */
	get allowsGrowth(): boolean {
		return this.#used <= this.#limit * GROWTH_SHARE;
	}

	/** Replaces the limit. Nothing that is held is released. */
	resize(limit: number): void {
		this.#limit = limit;
		this.#notify();
	}

	/** Returns true if the host may hold that many bytes more for a guest. */
	fits(bytes: number): boolean {
		return this.#used + bytes <= this.#limit;
	}

	/**
	 * Reads the sizes of linear memories: of all, if there are few, else of the next few in a round. Otherwise the starts of a thousand instances
	 * would read half a million sizes. Guests that grow read their own size at each check, too.
	 */
	sample(): void {
		if (this.#members.size <= SAMPLES) {
			for (const member of this.#members) member.sample();
			return;
		}
		for (let left = SAMPLES; left > 0; left -= 1) {
			if (this.#unread.size === 0) this.#unread = new Set(this.#members);
			const [next] = this.#unread;
			if (next === undefined) return;
			this.#unread.delete(next);
			next.sample();
		}
	}

	/** Returns true if an instance that starts with that many bytes may start. Linear memories count as of their last samples. */
	admits(bytes: number): boolean {
		return this.#used + bytes <= this.maxAdmitted;
	}

	/** Calls `notify` once, when an instance that starts with that many bytes may start. A later call replaces it. */
	whenAdmits(bytes: number, notify: () => void): void {
		this.#waiting = { bytes, notify };
	}

	/** Adds a member, whose bytes are added with `add`. */
	join(member: TotalMember): void {
		this.#members.add(member);
	}

	/** Removes a member, whose bytes were removed with `remove`. */
	leave(member: TotalMember): void {
		this.#members.delete(member);
		this.#unread.delete(member);
	}

	add(bytes: number): void {
		this.#used += bytes;
	}

	remove(bytes: number): void {
		this.#used -= bytes;
		this.#notify();
	}

	/**
	 * Ends instances until the rest is within the share of growth: those that have grown most since the sum was within it, the newest of
	 * equals first. An instance that has not grown since is never ended. The memory of instances that are ending counts for the whole
	 * limit only. Otherwise others would be ended for memory that is about to be free.
	 */
	relieve(): void {
		let live = 0;
		const growers: TotalMember[] = [];
		for (const member of this.#members) {
			member.sample();
			if (member.evicted) continue;
			live += member.used;
			if (member.growth > 0) growers.push(member);
		}
		let excess = Math.max(live - this.#limit * GROWTH_SHARE, this.#used - this.#limit);
		// The set holds the oldest member first, and the sort keeps the order of equals.
		for (const member of growers.reverse().sort((a, b) => b.growth - a.growth)) {
			if (excess <= 0) return;
			excess -= member.used;
			member.evict();
		}
	}

	#notify(): void {
		const waiting = this.#waiting;
		if (waiting === undefined || !this.admits(waiting.bytes)) return;
		this.#waiting = undefined;
		waiting.notify();
	}
}
