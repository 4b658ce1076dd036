/** Most words of a text that are compared word by word. Engines write fewer for the sound of one part. */
const MAX_WORDS = 512;

/** Returns the words of a text. */
export function wordsOf(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== "");
}

/**
 * Stable beginning of a text that is written again and again while its speech goes on. Words are stable once two successive versions agree
 * on them. The last word of a version may be cut in its middle, so it is never stable.
 *
 * @see https://aclanthology.org/2020.iwslt-1.26/ Local agreement.
 */
export class Agreement {
	/** Words that are stable, which the consumer has. */
	#stable: string[] = [];
	#version: readonly string[] = [];

	/** Adds a version of the text, and returns the words that became stable. */
	add(text: string): string[] {
		const words = wordsOf(text).slice(0, MAX_WORDS);
		const agreed = commonBeginning(this.#version.slice(0, -1), words.slice(0, -1));
		this.#version = words;
		const added = agreed.slice(counterparts(this.#stable, agreed).words);
		this.#stable.push(...added);
		return added;
	}

	/**
	 * Adds the final version of the text, and returns its words after the stable ones. If the speech was cut before its end, stable words after
	 * the cut belong to the next part of the text.
	 */
	finish(text: string, next: Agreement): string[] {
		const words = wordsOf(text);
		const met = counterparts(this.#stable, words);
		next.#stable = this.#stable.slice(met.stable);
		return words.slice(met.words);
	}
}

function commonBeginning(a: readonly string[], b: readonly string[]): readonly string[] {
	let length = 0;
	while (length < a.length && a[length] === b[length]) length++;
	return a.slice(0, length);
}

/** Numbers of words, at the beginning of two lists, that stand for each other. One list is met as a whole. */
interface Counterparts {
	readonly stable: number;
	readonly words: number;
}

/**
 * Returns the words of a later version that stand for stable words. Stable words were sent and cannot be taken back, so a version that differs
 * from them continues after its counterpart: the one with the fewest changed words.
 */
function counterparts(stable: readonly string[], words: readonly string[]): Counterparts {
	const length = Math.min(stable.length, words.length);
	if (length > MAX_WORDS || words.slice(0, length).every((word, index) => word === stable[index])) return { stable: length, words: length };
	const others = words.slice(0, 2 * MAX_WORDS).map(bare);
	let best = { stable: 0, words: 0, distance: Number.POSITIVE_INFINITY };
	const consider = (stableCount: number, wordCount: number, distance: number): void => {
		const isLonger = stableCount + wordCount >= best.stable + best.words;
		if (distance < best.distance || (distance === best.distance && isLonger)) best = { stable: stableCount, words: wordCount, distance };
	};
	// Row of the edit distances between the stable words so far and each beginning of the others.
	let row = Array.from({ length: others.length + 1 }, (_, index) => index);
	for (const [count, word] of stable.map(bare).entries()) {
		const next = [count + 1];
		for (const [index, other] of others.entries()) {
			const replaced = (row[index] ?? 0) + (word === other ? 0 : 1);
			next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
		}
		row = next;
		consider(count + 1, others.length, row.at(-1) ?? 0);
	}
	for (const [index, distance] of row.entries()) consider(stable.length, index, distance);
	return best;
}

/** Returns a word without case and punctuation, which change when a sentence goes on. */
function bare(word: string): string {
	return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
