import type { Instance } from "../../instances/instance.ts";
import { hash32 } from "./hash.ts";

/**
 * Points of an instance of median weight: 256, or 400,000 divided by the instances, but at least 40. Shares differ by about one over the
 * square root of the points: 6% with 256, 16% with 40. The total bounds the time to build a ring, which is about 0.2 s.
 */
const POINTS = { max: 256, min: 40, total: 400_000 } as const;

/** Above the number of instances. Multiplied by 2^32 it fits into the 53 bits of a double. */
const MAX_OWNERS = 2 ** 20;

/**
 * A circle on which each instance has points in proportion to its weight; a key belongs to the next point. An instance that is added or
 * removed moves only the keys of its own points, whatever its position in the configuration.
 *
 * @see https://dl.acm.org/doi/10.1145/258533.258660 (consistent hashing)
 */
export class HashRing {
	readonly #instances: readonly Instance[];
	/** Positions of the points, sorted. */
	readonly #points: Uint32Array;
	/** Index of the instance of each point. */
	readonly #owners: Uint32Array;

	constructor(instances: readonly Instance[]) {
		this.#instances = instances;
		const pointsPerInstance = pointsOf(instances.length);
		// Relative to the median weight, and a power of two: a change of one instance rarely changes the points of the others.
		const weights = instances.map(({ weight }) => weight).sort((a, b) => a - b);
		const pointsPerWeight = 2 ** Math.floor(Math.log2(pointsPerInstance / (weights[(weights.length - 1) >> 1] ?? 1)));
		// Position and owner in one number, because a typed array of numbers sorts fastest.
		const keyed: number[] = [];
		for (const [owner, { name, weight }] of instances.entries()) {
			const points = Math.min(POINTS.total, Math.max(1, Math.round(pointsPerWeight * weight)));
			const seed = hash32(name);
			for (let i = 0; i < points; i++) keyed.push(hash32(name, seed ^ Math.imul(i + 1, 0x9e3779b1)) * MAX_OWNERS + owner);
		}
		const sorted = Float64Array.from(keyed).sort();
		this.#points = Uint32Array.from(sorted, (value) => Math.floor(value / MAX_OWNERS));
		this.#owners = Uint32Array.from(sorted, (value) => value % MAX_OWNERS);
	}

	/** Number of points. */
	get points(): number {
		return this.#points.length;
	}

	/** Number of instances. */
	get size(): number {
		return this.#instances.length;
	}

	/** Returns the index of the point that a key belongs to. The next ones follow by precedence. */
	pointOf(key: string): number {
		return this.#firstPointFrom(hash32(key));
	}

	/** Returns the instance of a point. Beyond the last point comes the first one again. `undefined` for a ring without points. */
	instanceAt(point: number): Instance | undefined {
		return this.#instances[this.#owners[point % this.#points.length] ?? 0];
	}

	/** Index of the first point that is not before `hash`. */
	#firstPointFrom(hash: number): number {
		let [low, high] = [0, this.#points.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#points[middle] ?? 0) < hash) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** Returns the points of an instance of median weight on a ring of so many instances. */
export function pointsOf(instances: number): number {
	return Math.max(POINTS.min, Math.min(POINTS.max, Math.floor(POINTS.total / Math.max(1, instances))));
}
