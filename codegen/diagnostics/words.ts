/** Small words of English sentences around names. */

/** `an enum`, `a record`; `flags` is a plural. */
export function withArticle(noun: string): string {
	return noun === "flags" ? noun : `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

/** `1 file`, `2 files`. */
export function counted(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
