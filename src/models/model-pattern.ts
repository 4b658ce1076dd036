/**
 * Names of models as an operator writes them: plain, or a pattern that holds one `*`, which stands for one or more characters, such
 * as `gpt-*`.
 */

/** Whether it names many models. */
export function isPattern(name: string): boolean {
	return name.includes("*");
}

/** What the `*` of a pattern stood for; "" when a plain name is the very same; `undefined` when they do not match. */
export function matchModel(pattern: string, name: string): string | undefined {
	const at = pattern.indexOf("*");
	if (at === -1) return pattern === name ? "" : undefined;
	const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
	const matches = name.length >= pattern.length && name.startsWith(before) && name.endsWith(after);
	return matches ? name.slice(at, name.length - after.length) : undefined;
}

/** Length of its fixed part: of several patterns that match, the one with the most says the most. */
export function specificity(pattern: string): number {
	return isPattern(pattern) ? pattern.length - 1 : pattern.length;
}
