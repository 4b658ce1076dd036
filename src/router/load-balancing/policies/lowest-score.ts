import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { firstUsable } from "./first-usable.ts";

/** Number of instances up to which all are compared. With more, two random ones are: nearly as good, at a constant cost. */
const MAX_COMPARED = 8;

/** Random draws for two usable instances. If fewer are found, one is enough; if none is, the others are searched in order. */
const MAX_DRAWS = 8;

/** Returns the score of an instance for a request; the lower the better. */
export type Score = (instance: Instance, context: PickContext) => number;

/**
 * Returns the instance with the lowest score: of all, if they are few, else of two random ones ("power of two choices"). The random choice
 * costs the same for any number of instances, and does not send all requests to the same one.
 *
 * @see https://www.eecs.harvard.edu/~michaelm/postscripts/handbook2001.pdf
 */
export function lowestScore(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	return active.length <= MAX_COMPARED ? lowestOfAll(active, score, random, context) : lowerOfTwo(active, score, random, context);
}

/** Of equal scores, the first from a random index on wins. Otherwise the first of the configuration would get all requests. */
function lowestOfAll(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	let best: Instance | undefined;
	let lowest = Number.POSITIVE_INFINITY;
	const start = Math.floor(random() * active.length);
	for (let step = 0; step < active.length; step++) {
		const instance = active[(start + step) % active.length];
		if (instance === undefined || !context.usable(instance)) continue;
		const ownScore = score(instance, context);
		context.consider(instance, ownScore);
		if (best !== undefined && ownScore >= lowest) continue;
		best = instance;
		lowest = ownScore;
	}
	return best;
}

function lowerOfTwo(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	let first: Instance | undefined;
	let index = 0;
	for (let draw = 0; draw < MAX_DRAWS; draw++) {
		index = Math.floor(random() * active.length);
		const drawn = active[index];
		if (drawn === undefined || drawn === first || !context.usable(drawn)) continue;
		if (first === undefined) {
			first = drawn;
			continue;
		}
		const a = score(first, context);
		const b = score(drawn, context);
		context.consider(first, a);
		context.consider(drawn, b);
		return b < a ? drawn : first;
	}
	return first ?? firstUsable(index, active, context);
}
