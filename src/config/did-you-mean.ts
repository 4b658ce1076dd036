import { distance } from "fastest-levenshtein";

/** `; did you mean 'x'?` for the closest of `names`, if one is close. */
export function didYouMean(name: string, names: readonly string[]): string {
	const close = names
		.map((candidate) => ({ candidate, edits: distance(name, candidate) }))
		.filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
		.sort((a, b) => a.edits - b.edits)[0];
	return close === undefined ? "" : `; did you mean '${close.candidate}'?`;
}
