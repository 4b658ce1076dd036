/** A state of the matcher: the longest text at the end of the input that begins a stop sequence. */
interface State {
	readonly next: Map<number, State>;
	/** Length of the text, in UTF-16 units. */
	readonly depth: number;
	/** State of the longest proper suffix that begins a stop sequence. */
	fallback: State | undefined;
	/** Length of the longest stop sequence that the text ends with. 0 if there is none. */
	matched: number;
}

/** A piece of text after the search. */
export interface StopSearch {
	/** Text that no stop sequence can begin in. Ends before the stop sequence that was found. */
	readonly text: string;
	/** True if a stop sequence was found. */
	readonly found: boolean;
}

/**
 * Finds the first of several stop sequences in text that arrives in pieces. An Aho-Corasick automaton reads each character once, whatever
 * the number of sequences. First is the sequence that is complete first, as for a model that stops there. Of several that end at one place,
 * the longest counts.
 */
export class StopMatcher {
	readonly #root: State = { next: new Map(), depth: 0, fallback: undefined, matched: 0 };
	#state = this.#root;
	/** Text that a stop sequence may begin in. Shorter than the longest sequence. */
	#held = "";

	/** @param stops The sequences. Empty ones are ignored. */
	constructor(stops: readonly string[]) {
		for (const stop of stops) if (stop !== "") this.#add(stop);
		this.#link();
	}

	/** Adds a piece. Must not be called after a sequence was found. */
	push(piece: string): StopSearch {
		const input = this.#held + piece;
		for (let at = this.#held.length; at < input.length; at++) {
			this.#state = this.#step(this.#state, input.charCodeAt(at));
			const { matched } = this.#state;
			if (matched > 0) {
				this.#held = "";
				return { text: input.slice(0, at + 1 - matched), found: true };
			}
		}
		const safe = input.length - this.#state.depth;
		this.#held = input.slice(safe);
		return { text: input.slice(0, safe), found: false };
	}

	/** Returns the text that is still held. Call it once the text is complete. */
	end(): string {
		const held = this.#held;
		this.#held = "";
		this.#state = this.#root;
		return held;
	}

	#add(stop: string): void {
		let state = this.#root;
		for (let at = 0; at < stop.length; at++) {
			const code = stop.charCodeAt(at);
			let next = state.next.get(code);
			if (next === undefined) {
				next = { next: new Map(), depth: at + 1, fallback: undefined, matched: 0 };
				state.next.set(code, next);
			}
			state = next;
		}
		state.matched = stop.length;
	}

	/** Sets the fallbacks in the order of the depth, so that those of shorter texts are known. */
	#link(): void {
		const queue = [this.#root];
		for (let at = 0; at < queue.length; at++) {
			const state = queue[at];
			if (state === undefined) continue;
			for (const [code, next] of state.next) {
				next.fallback = state === this.#root ? this.#root : this.#step(state.fallback ?? this.#root, code);
				next.matched ||= next.fallback.matched;
				queue.push(next);
			}
		}
	}

	#step(from: State, code: number): State {
		for (let state: State | undefined = from; state !== undefined; state = state.fallback) {
			const next = state.next.get(code);
			if (next !== undefined) return next;
		}
		return this.#root;
	}
}
