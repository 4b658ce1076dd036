/** Longest pattern and longest tool name that are compared, in characters. Bounds the steps of one comparison to their product. */
export const MAX_PATTERN_LENGTH = 128;

/** Returns true if a pattern matches the whole of a name. `*` stands for any characters, also for none, and `?` for one. */
export function matchesToolPattern(pattern: string, name: string): boolean {
	if (pattern.length > MAX_PATTERN_LENGTH || name.length > MAX_PATTERN_LENGTH) return false;
	let at = 0;
	let position = 0;
	/** Places after the last `*` of the pattern, and of the name that it is tried at. */
	let star = -1;
	let retry = 0;
	while (position < name.length) {
		if (pattern[at] === "*") {
			star = ++at;
			retry = position;
		} else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[position])) {
			at++;
			position++;
		} else if (star !== -1) {
			// Only the last star is tried further: what an earlier one matches, it may leave to the last.
			at = star;
			position = ++retry;
		} else return false;
	}
	while (pattern[at] === "*") at++;
	return at === pattern.length;
}

/** Returns true if one of the patterns matches the name. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
	return patterns.some((pattern) => matchesToolPattern(pattern, name));
}
