/**
 * Model names as an operator writes them: plain, or a pattern. A pattern holds one `*`, which matches one or more characters.
 * Example: `gpt-*`.
 */

/** Returns true if `name` is a pattern. */
export function isPattern(name: string): boolean {
	return name.includes("*");
}

/** Returns the text that the `*` of a pattern matches in `name`; "" if a plain name equals `name`; `undefined` without a match. */
export function matchModel(pattern: string, name: string): string | undefined {
	const at = pattern.indexOf("*");
	if (at === -1) return pattern === name ? "" : undefined;
	const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
	const matches = name.length >= pattern.length && name.startsWith(before) && name.endsWith(after);
	return matches ? name.slice(at, name.length - after.length) : undefined;
}

/** Compares two patterns for sorting: the pattern with the longer fixed part comes first. */
export function bySpecificity(a: string, b: string): number {
	return b.length - a.length;
}
