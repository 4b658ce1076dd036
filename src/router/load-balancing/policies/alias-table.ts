import type { Random } from "../../../time/random.ts";

/**
 * Draws indices by their weights in constant time.
 *
 * @see https://www.keithschwarz.com/darts-dice-coins/ (Vose's alias method)
 */
export class AliasTable {
	/** Probability with which each index stands for itself; otherwise it stands for its alias. */
	readonly #threshold: Float64Array;
	readonly #alias: Int32Array;

	/** @param weights Weight of each index, above 0. */
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
			const remainder = (scaled[more] ?? 0) + (scaled[less] ?? 0) - 1;
			scaled[more] = remainder;
			if (remainder < 1) {
				large.pop();
				small.push(more);
			}
		}
	}

	draw(random: Random): number {
		const position = random() * this.#threshold.length;
		const index = Math.floor(position);
		return position - index < (this.#threshold[index] ?? 1) ? index : (this.#alias[index] ?? index);
	}
}
