import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { firstFrom } from "./from.ts";

/** Up to so many instances are all looked at; of more, two by chance. */
const ALL_UP_TO = 8;

/** How often chance is asked for two usable ones. */
const DRAWS = 8;

/** The lower the better. */
export type Score = (instance: Instance, now: number) => number;

/**
 * The instance with the lowest score: of all when they are few, else of two drawn by chance ("power of two choices"), which is
 * almost as good, costs the same however many there are, and does not send everybody to the same one.
 *
 * @see https://www.eecs.harvard.edu/~michaelm/postscripts/handbook2001.pdf
 */
export function lowestScore(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	return active.length <= ALL_UP_TO ? lowestOfAll(active, score, random, context) : lowerOfTwo(active, score, random, context);
}

/** Ties go to the first from a random place on, so that equals share. */
function lowestOfAll(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	let best: Instance | undefined;
	let lowest = Number.POSITIVE_INFINITY;
	const start = Math.floor(random() * active.length);
	for (let step = 0; step < active.length; step++) {
		const instance = active[(start + step) % active.length];
		if (instance === undefined || !context.usable(instance)) continue;
		const own = score(instance, context.now);
		context.consider(instance, own);
		if (best !== undefined && own >= lowest) continue;
		best = instance;
		lowest = own;
	}
	return best;
}

function lowerOfTwo(active: readonly Instance[], score: Score, random: Random, context: PickContext): Instance | undefined {
	let first: Instance | undefined;
	let at = 0;
	for (let draw = 0; draw < DRAWS; draw++) {
		at = Math.floor(random() * active.length);
		const drawn = active[at];
		if (drawn === undefined || drawn === first || !context.usable(drawn)) continue;
		if (first === undefined) {
			first = drawn;
			continue;
		}
		const [a, b] = [score(first, context.now), score(drawn, context.now)];
		context.consider(first, a);
		context.consider(drawn, b);
		return b < a ? drawn : first;
	}
	return first ?? firstFrom(at, active, context);
}
