/** The search of the site. Runs in browsers, and in tests. */

/** The index as the build writes it. */
export interface SearchIndex {
	/** URL and name of each page. */
	readonly pages: readonly (readonly [url: string, name: string])[];
	/** Number of the page, anchor, title, and the beginning of the text, for each text below a heading. */
	readonly entries: readonly (readonly [page: number, anchor: string, title: string, excerpt: string])[];
	/** Sorted words, with a blank between two. */
	readonly words: string;
	/** For each word the numbers of its entries, as differences in base 36. A comma is between two words, a blank between two numbers. */
	readonly postings: string;
}

export interface Found {
	/** URL with an anchor, relative to the root of the site. */
	readonly url: string;
	readonly page: string;
	readonly title: string;
	readonly excerpt: string;
}

/** Largest number of results. */
const MOST = 12;

/** Finds texts that have each word of a question, also as the beginning of a word. The nearest come first. */
export class Search {
	readonly #index: SearchIndex;
	readonly #words: readonly string[];
	readonly #postings: readonly string[];

	constructor(index: SearchIndex) {
		this.#index = index;
		this.#words = index.words.split(" ");
		this.#postings = index.postings.split(",");
	}

	find(question: string): Found[] {
		const asked = question.toLowerCase().match(/[\p{L}\p{N}]+(?:[_.:/-][\p{L}\p{N}]+)*/gu) ?? [];
		if (asked.length === 0) return [];
		const [first = new Map<number, number>(), ...rest] = asked.map((word) => this.#scores(word));
		const sums: [entry: number, score: number][] = [];
		for (const [entry, score] of first) {
			const others = rest.map((scores) => scores.get(entry));
			if (others.every((other) => other !== undefined))
				sums.push([entry, others.reduce<number>((sum, other) => sum + (other ?? 0), score)]);
		}
		return sums
			.map(([entry, score]) => [entry, score + this.#titleScore(entry, asked)] as const)
			.sort((a, b) => b[1] - a[1] || a[0] - b[0])
			.slice(0, MOST)
			.map(([entry]) => this.#found(entry));
	}

	/** Returns entries with words that begin with a word: 2 for the word itself, 1 for a longer one. */
	#scores(word: string): Map<number, number> {
		const scores = new Map<number, number>();
		for (let at = this.#firstFrom(word); this.#words[at]?.startsWith(word); at += 1) {
			const score = this.#words[at] === word ? 2 : 1;
			let entry = 0;
			for (const difference of (this.#postings[at] ?? "").split(" ")) {
				entry += Number.parseInt(difference, 36);
				scores.set(entry, Math.max(score, scores.get(entry) ?? 0));
			}
		}
		return scores;
	}

	/** Returns the position of the first word that is not before a word, by bisection. */
	#firstFrom(word: string): number {
		let [low, high] = [0, this.#words.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#words[middle] ?? "") < word) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** Returns the weight of the words in the title of an entry and in the name of its page. */
	#titleScore(entry: number, asked: readonly string[]): number {
		const [page = 0, , title = ""] = this.#index.entries[entry] ?? [];
		const name = this.#index.pages[page]?.[1] ?? "";
		const [inTitle, inName] = [title.toLowerCase(), name.toLowerCase()];
		let score = title === "" ? 1 : 0;
		for (const word of asked) {
			if (inTitle === word) score += 8;
			if (inTitle.includes(word)) score += 6;
			if (inName.includes(word)) score += 4;
		}
		return score;
	}

	#found(entry: number): Found {
		const [page = 0, anchor = "", title = "", excerpt = ""] = this.#index.entries[entry] ?? [];
		const [url = "", name = ""] = this.#index.pages[page] ?? [];
		return { url: anchor === "" ? url : `${url}#${anchor}`, page: name, title: title === "" ? name : title, excerpt };
	}
}
