interface Entry {
	readonly member: string;
	readonly score: number;
}

/** Members in the order of their scores, and then of their names. As in a sorted set of Redis, so that both stores decide alike. */
export class SortedSet {
	readonly #scores = new Map<string, number>();
	readonly #entries: Entry[] = [];

	get size(): number {
		return this.#entries.length;
	}

	score(member: string): number | undefined {
		return this.#scores.get(member);
	}

	/** Adds a member, or moves it to another score. */
	set(member: string, score: number): void {
		this.delete(member);
		this.#scores.set(member, score);
		this.#entries.splice(this.#indexOf({ member, score }), 0, { member, score });
	}

	delete(member: string): void {
		const score = this.#scores.get(member);
		if (score === undefined) return;
		this.#scores.delete(member);
		this.#entries.splice(this.#indexOf({ member, score }), 1);
	}

	/** Returns the first member; `undefined` for an empty set. */
	first(): Entry | undefined {
		return this.#entries[0];
	}

	/** Returns the members with scores up to `score`. */
	upTo(score: number): string[] {
		const members: string[] = [];
		for (const entry of this.#entries) {
			if (entry.score > score) break;
			members.push(entry.member);
		}
		return members;
	}

	/** Returns the members, the highest score first. */
	*descending(): Generator<string> {
		for (let index = this.#entries.length - 1; index >= 0; index -= 1) {
			const entry = this.#entries[index];
			if (entry !== undefined) yield entry.member;
		}
	}

	/** Returns the index of the first entry that is not before this one. */
	#indexOf({ member, score }: Entry): number {
		let low = 0;
		let high = this.#entries.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const entry = this.#entries[middle];
			if (entry !== undefined && (entry.score < score || (entry.score === score && entry.member < member))) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
