/**
 * `spear-hostcall/guest/search`: embeddings of many texts, and the texts nearest to a question. Requires a world with `emb`.
 */
import { embed } from "spear:ai/emb@0.1.0";
import type { CallOptions } from "spear:ai/types@0.1.0";
import { hostcall } from "./errors.ts";
import { wellFormed } from "./text.ts";

/** A vector, as the engine returns it. */
export type Vector = ArrayLike<number>;

export interface EmbedOptions {
	/** Name of the model. The default is chosen by the host. */
	readonly model?: string;
	/** Length of each vector, for models that can shorten theirs. */
	readonly dimensions?: number;
	/** Purpose of the texts. The default is none. */
	readonly inputType?: "query" | "document";
	/** Number of texts of one request. The default is 96. */
	readonly batch?: number;
	/** Routing and deadline of every request. */
	readonly options?: CallOptions;
}

/**
 * Returns a vector for each text, in order, by as many requests as needed.
 *
 * @throws HostcallError as the host refuses or fails a request, such as `invalid-request` for an empty text.
 */
export function embedAll(texts: readonly string[], { batch = 96, options, ...request }: EmbedOptions = {}): Vector[] {
	const vectors: Vector[] = [];
	for (let at = 0; at < texts.length; at += batch) {
		const input = texts.slice(at, at + batch).map(wellFormed);
		vectors.push(...hostcall(() => embed({ ...request, input }, options)).vectors);
	}
	return vectors;
}

/** Returns the cosine of the angle between two vectors: 1 for the same direction, 0 for nothing in common. 0 if one of them has no length. */
export function cosine(a: Vector, b: Vector): number {
	const lengths = norm(a) * norm(b);
	return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/** A text that was found. */
export interface Hit<T> {
	readonly item: T;
	/** Cosine of the text and the question, from -1 to 1. */
	readonly score: number;
	/** Number of the item, in the order of `add`. */
	readonly index: number;
}

/** Options of a search. */
export interface SearchOptions {
	/** Largest number of hits. The default is 5. */
	readonly topK?: number;
	/** Smallest score of a hit. The default is none. */
	readonly minScore?: number;
}

/** Options of an index. */
export interface IndexOptions<T> extends Omit<EmbedOptions, "inputType"> {
	/** Returns the text of an item. The default is the item itself. */
	readonly textOf?: (item: T) => string;
	/** True if the model learns which texts are questions. Only some models make use of that, and backends of others refuse the request. The default is false. */
	readonly tellsQuestions?: boolean;
}

/**
 * Texts with their vectors, in the memory of the guest. A search compares the question with every text.
 *
 * ```ts
 * const index = new SearchIndex<string>().add(["Bolts are in drawer seven.", "Tea is in the kitchen."]);
 * const [best] = index.search("Where are the bolts?", { topK: 1 });
 * ```
 */
export class SearchIndex<T = string> {
	readonly #options: EmbedOptions;
	readonly #tellsQuestions: boolean;
	readonly #textOf: (item: T) => string;
	readonly #items: { readonly item: T; readonly vector: Vector; readonly norm: number }[] = [];

	constructor(options: IndexOptions<T> = {}) {
		const { textOf = String, tellsQuestions = false, ...rest } = options;
		this.#options = rest;
		this.#tellsQuestions = tellsQuestions;
		this.#textOf = textOf;
	}

	/** Number of items. */
	get size(): number {
		return this.#items.length;
	}

	/**
	 * Adds items.
	 *
	 * @throws HostcallError as `embedAll`.
	 */
	add(items: readonly T[]): this {
		const vectors = this.#embed(items.map(this.#textOf), "document");
		items.forEach((item, index) => {
			const vector = vectors[index] ?? [];
			this.#items.push({ item, vector, norm: norm(vector) });
		});
		return this;
	}

	/**
	 * Returns the items nearest to a text, best first.
	 *
	 * @throws HostcallError as `embedAll`.
	 */
	search(text: string, options: SearchOptions = {}): Hit<T>[] {
		const [vector = []] = this.#embed([text], "query");
		return this.nearest(vector, options);
	}

	/** Returns the items nearest to a vector, best first. */
	nearest(vector: Vector, { topK = 5, minScore = Number.NEGATIVE_INFINITY }: SearchOptions = {}): Hit<T>[] {
		const length = norm(vector);
		return this.#items
			.map((each, index) => ({
				item: each.item,
				index,
				score: length * each.norm === 0 ? 0 : dot(each.vector, vector) / (length * each.norm),
			}))
			.filter(({ score }) => score >= minScore)
			.sort((a, b) => b.score - a.score || a.index - b.index)
			.slice(0, topK);
	}

	#embed(texts: readonly string[], inputType: "query" | "document"): Vector[] {
		return embedAll(texts, this.#tellsQuestions ? { ...this.#options, inputType } : this.#options);
	}
}

function dot(a: Vector, b: Vector): number {
	let sum = 0;
	for (let place = 0; place < a.length; place += 1) sum += (a[place] ?? 0) * (b[place] ?? 0);
	return sum;
}

function norm(vector: Vector): number {
	return Math.sqrt(dot(vector, vector));
}
