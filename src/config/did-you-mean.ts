import { distance } from "fastest-levenshtein";
import type { OtherNames } from "./other-names.ts";

/** Length of the shortest beginning or end by which a name is found, in characters. */
const MIN_PART = 3;

/**
 * Returns `; did you mean 'x'?` for the closest of `names`, or an empty text if none is close.
 *
 * @param others Names of other programs for the same. The default is none.
 */
export function didYouMean(name: string, names: readonly string[], others: OtherNames = {}): string {
	const found = closest(name, names, others);
	return found === undefined ? "" : `; did you mean '${found}'?`;
}

/** Returns the closest of `names`: in another spelling, by another name, with a typing error, or by its beginning or end. */
export function closest(name: string, names: readonly string[], others: OtherNames = {}): string | undefined {
	const plain = plainName(name);
	const spelled = names.find((candidate) => plainName(candidate) === plain);
	if (spelled !== undefined) return spelled;
	const other = Object.hasOwn(others, plain) ? others[plain] : undefined;
	if (other !== undefined && names.includes(other)) return other;
	return misspelled(name, names) ?? shortest(names.filter((candidate) => sharesPart(plain, plainName(candidate))));
}

/** Returns a name in lower case, with letters and digits only: `TimeoutMs`, `timeout-ms` and `timeout_ms` are one name. */
export function plainName(name: string): string {
	return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function misspelled(name: string, names: readonly string[]): string | undefined {
	return (
		names
			.map((candidate) => ({ candidate, edits: isSwap(name, candidate) ? 1 : distance(name, candidate) }))
			// One edit for every three characters: enough for a misspelling, too few for another name.
			.filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
			.sort((a, b) => a.edits - b.edits)[0]?.candidate
	);
}

/** Returns true if two neighbours have changed places. An edit distance counts this as two. */
function isSwap(a: string, b: string): boolean {
	if (a.length !== b.length) return false;
	const at = [...a].findIndex((_, index) => a[index] !== b[index]);
	return at !== -1 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function shortest(names: readonly string[]): string | undefined {
	return names.toSorted((a, b) => a.length - b.length)[0];
}

function sharesPart(a: string, b: string): boolean {
	if (Math.min(a.length, b.length) < MIN_PART) return false;
	return a.startsWith(b) || b.startsWith(a) || b.endsWith(a);
}
