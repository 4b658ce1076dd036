/** Returns the number of Unicode scalar values of a text. A half of a surrogate pair counts as a value. */
export function countScalars(text: string): number {
	let count = text.length;
	for (let at = 0; at < text.length; at++) {
		if ((text.codePointAt(at) ?? 0) > 0xffff) {
			count--;
			at++;
		}
	}
	return count;
}
