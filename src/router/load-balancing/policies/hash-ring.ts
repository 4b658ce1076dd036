import type { Instance } from "../../instances/instance.ts";
import { hash32 } from "./hash.ts";

/** Points an instance of average weight has on the ring: as many as give even shares, as long as the ring is not too large to build. */
const POINTS = { most: 256, least: 40, ofAll: 400_000 } as const;

/**
 * A circle on which every instance has points in proportion to its weight; a key belongs to the next point. An instance that comes or goes moves
 * only the keys of its own points, wherever it stands in the configuration.
 *
 * @see https://dl.acm.org/doi/10.1145/258533.258660 (consistent hashing)
 */
export class HashRing {
	readonly #instances: readonly Instance[];
	/** Places of points, sorted, and for each the instance it belongs to. */
	readonly #points: Uint32Array;
	readonly #owners: Uint32Array;

	constructor(instances: readonly Instance[]) {
		this.#instances = instances;
		const perInstance = Math.max(POINTS.least, Math.min(POINTS.most, Math.floor(POINTS.ofAll / Math.max(1, instances.length))));
		// By the weight in the middle, and in powers of two: one that comes or goes seldom changes how many points the others have.
		const weights = instances.map(({ weight }) => weight).sort((a, b) => a - b);
		const perWeight = 2 ** Math.floor(Math.log2(perInstance / (weights[(weights.length - 1) >> 1] ?? 1)));
		// Place and owner in one number, so that a typed array can sort them.
		const keyed: number[] = [];
		for (const [owner, { name, weight }] of instances.entries()) {
			const points = Math.min(POINTS.ofAll, Math.max(1, Math.round(perWeight * weight)));
			const seed = hash32(name);
			for (let i = 0; i < points; i++) keyed.push(hash32(name, seed ^ Math.imul(i + 1, 0x9e3779b1)) * OWNERS + owner);
		}
		const sorted = Float64Array.from(keyed).sort();
		this.#points = Uint32Array.from(sorted, (value) => Math.floor(value / OWNERS));
		this.#owners = Uint32Array.from(sorted, (value) => value % OWNERS);
	}

	get points(): number {
		return this.#points.length;
	}

	get size(): number {
		return this.#instances.length;
	}

	/** The instances in the order they stand for a key, each possibly more than once, once around the ring. */
	*from(key: string): Generator<Instance, void, void> {
		const start = this.#at(hash32(key));
		for (let step = 0; step < this.#points.length; step++) {
			const instance = this.#instances[this.#owners[(start + step) % this.#points.length] ?? 0];
			if (instance !== undefined) yield instance;
		}
	}

	/** The place of the first point that is not before `hash`. */
	#at(hash: number): number {
		let [low, high] = [0, this.#points.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#points[middle] ?? 0) < hash) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** More than there can be instances; times 2^32 it still fits into a double's 53 bits. */
const OWNERS = 2 ** 20;
