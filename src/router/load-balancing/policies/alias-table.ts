import type { Random } from "../../../time/random.ts";

/**
 * Draws places by their weights in constant time.
 *
 * @see https://www.keithschwarz.com/darts-dice-coins/ — Vose's alias method
 */
export class AliasTable {
	readonly #threshold: Float64Array;
	readonly #alias: Int32Array;

	/** @param weights Above 0. */
	constructor(weights: readonly number[]) {
		const size = weights.length;
		const sum = weights.reduce((total, weight) => total + weight, 0);
		const scaled = Float64Array.from(weights, (weight) => (weight * size) / sum);
		this.#threshold = new Float64Array(size).fill(1);
		this.#alias = new Int32Array(size);
		const small: number[] = [];
		const large: number[] = [];
		for (let i = 0; i < size; i++) ((scaled[i] ?? 0) < 1 ? small : large).push(i);
		for (;;) {
			const [less, more] = [small.pop(), large.at(-1)];
			if (less === undefined || more === undefined) break;
			this.#threshold[less] = scaled[less] ?? 1;
			this.#alias[less] = more;
			const left = (scaled[more] ?? 0) + (scaled[less] ?? 0) - 1;
			scaled[more] = left;
			if (left < 1) {
				large.pop();
				small.push(more);
			}
		}
	}

	draw(random: Random): number {
		const place = random() * this.#threshold.length;
		const at = Math.floor(place);
		return place - at < (this.#threshold[at] ?? 1) ? at : (this.#alias[at] ?? at);
	}
}
