/** Checks of regular expressions, for dialects that accept a part of the language. Each reads the pattern once. */

/** Constructs that no grammar of fixed size can follow: references to groups, and looks ahead or back. */
const BEYOND_GRAMMARS = /\\[1-9k]|\(\?[=!<]/;

/** Returns true for a pattern without references to groups and without lookaround. */
export function isRegular(pattern: string): boolean {
	return !BEYOND_GRAMMARS.test(pattern);
}

/** Returns true for a regular pattern without word boundaries. */
export function isRegularWithoutBoundaries(pattern: string): boolean {
	return isRegular(pattern) && !/\\[bB]/.test(pattern);
}

/**
 * Returns true for a pattern that llama.cpp converts: it is anchored at both ends, and has only literal characters, groups, classes and
 * greedy quantifiers.
 *
 * @see https://github.com/ggml-org/llama.cpp/issues/27580 classes such as `\d` lead to a broken grammar
 * @see https://github.com/ggml-org/llama.cpp/issues/26930 patterns without anchors are refused
 */
export function isAnchoredAndPlain(pattern: string): boolean {
	if (!pattern.startsWith("^") || !pattern.endsWith("$") || pattern.endsWith("\\$")) return false;
	return (
		isRegular(pattern) && !/\\[a-zA-Z0-9]|[*+?}]\?|\(\?/.test(pattern) && !/[\^$]/.test(pattern.slice(1, -1).replace(/\\.|\[\^/gs, ""))
	);
}
