/** "Did you mean" suggestions: the known name nearest to one that is not known. */
import { distance } from "fastest-levenshtein";

/** The candidate nearest to `name`, or nothing when none is near enough to be a likely slip. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
	// Of two letters, one wrong is a different name; only the case and the order can be slips.
	const limit = name.length < 3 ? 0 : Math.floor(name.length / 3);
	let best: string | undefined;
	let fewest = limit + 1;
	for (const candidate of candidates) {
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
