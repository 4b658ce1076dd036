/** "Did you mean" suggestions: the known name nearest to one that is not known. */
import { distance } from "fastest-levenshtein";

/** More candidates, and longer names, are not compared: the time of a run with many unknown names stays in bounds. */
const MAX_CANDIDATES = 1_000;
const MAX_NAME_LENGTH = 100;

/** The candidate nearest to `name`, or nothing when none is near enough to be a likely slip. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
	// Of two letters, one wrong is a different name; only the case and the order can be slips.
	const limit = name.length < 3 ? 0 : Math.floor(name.length / 3);
	if (name.length > MAX_NAME_LENGTH) return undefined;
	let best: string | undefined;
	let compared = 0;
	let fewest = limit + 1;
	for (const candidate of candidates) {
		if (compared++ === MAX_CANDIDATES) break;
		if (Math.abs(candidate.length - name.length) > limit) continue;
		const edits = Math.min(
			editDistance(name.toLowerCase(), candidate.toLowerCase()),
			isSwap(name, candidate) ? limit : Number.POSITIVE_INFINITY,
		);
		if (candidate !== name && edits < fewest) {
			best = candidate;
			fewest = edits;
		}
	}
	return best;
}

/** A help sentence around `nearestName`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
	const nearest = nearestName(name, candidates);
	return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

/** Edits from `a` to `b`: insert, delete, replace. Two neighbours swapped, with all else equal, are one edit too. */
function editDistance(a: string, b: string): number {
	return isSwap(a, b) ? 1 : distance(a, b);
}

function isSwap(a: string, b: string): boolean {
	let at = 0;
	while (at < a.length && a[at] === b[at]) at++;
	if (at === a.length) return false;
	return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
