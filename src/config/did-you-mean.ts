import { distance } from "fastest-levenshtein";

/** Returns `; did you mean 'x'?` for the closest of `names`, or an empty text if none is close. */
export function didYouMean(name: string, names: readonly string[]): string {
	const close = names
		.map((candidate) => ({ candidate, edits: distance(name, candidate) }))
		// One edit for every three characters: enough for a misspelling, too few for another name.
		.filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
		.sort((a, b) => a.edits - b.edits)[0];
	return close === undefined ? "" : `; did you mean '${close.candidate}'?`;
}
