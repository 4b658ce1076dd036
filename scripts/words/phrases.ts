import type { Replacement } from "../words.ts";

/** Finds phrases as whole words. The longest of several phrases at one place wins. */
export class PhraseBook<T extends Replacement> {
	readonly #entries = new Map<string, T>();
	readonly #anywhere: RegExp;
	readonly #opening: RegExp;

	/** `allowed` phrases hide the entries they contain. If a phrase occurs in several entries, the first entry wins. */
	constructor(entries: readonly T[], allowed: readonly string[] = []) {
		for (const entry of entries) {
			for (const phrase of entry.phrases) if (!this.#entries.has(phrase)) this.#entries.set(phrase, entry);
		}
		const pattern = [...this.#entries.keys(), ...allowed]
			.sort((a, b) => b.length - a.length)
			.map((phrase) => phrase.replaceAll(" ", "\\s+"))
			.join("|");
		this.#anywhere = new RegExp(`\\b(?:${pattern})\\b(?!-)`, "giu");
		this.#opening = new RegExp(`^(?:${pattern})\\b(?!-)`, "iu");
	}

	/** Every entry found in a text, with the phrase as written and its offset. */
	findAll(text: string): { readonly entry: T; readonly phrase: string; readonly at: number }[] {
		return [...text.matchAll(this.#anywhere)].flatMap(({ 0: phrase, index }) => {
			const entry = this.#lookUp(phrase);
			return entry === undefined ? [] : [{ entry, phrase, at: index }];
		});
	}

	/** The entry that opens a text, if any. Marks before the first word are ignored. */
	findOpening(text: string): { readonly entry: T; readonly phrase: string } | undefined {
		const phrase = this.#opening.exec(text.replace(/^["'“‘([*_]+/, ""))?.[0];
		const entry = phrase === undefined ? undefined : this.#lookUp(phrase);
		return phrase === undefined || entry === undefined ? undefined : { entry, phrase };
	}

	#lookUp(phrase: string): T | undefined {
		return this.#entries.get(phrase.toLowerCase().replace(/\s+/g, " "));
	}
}
