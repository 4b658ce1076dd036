/** Small words of English sentences around names. */

/** `an enum`, `a record`; `flags` is a plural. */
export function withArticle(noun: string): string {
	return noun === "flags" ? noun : `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
