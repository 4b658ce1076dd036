/** Returns the words that were added, lost or changed, as a share of the original's words. Case and punctuation do not count. */
export function wordError(original: string, copy: string): number {
	const [from, to] = [wordsOf(original), wordsOf(copy)];
	// The distances between the words so far and every beginning of the copy.
	let row = Array.from({ length: to.length + 1 }, (_, i) => i);
	for (const [i, word] of from.entries()) {
		const next = [i + 1];
		for (const [j, other] of to.entries()) {
			const changed = (row[j] ?? 0) + (word === other ? 0 : 1);
			next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
		}
		row = next;
	}
	return (row[to.length] ?? 0) / Math.max(1, from.length);
}

function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** Returns the cosine of the angle between two vectors: 1 for the same direction. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let [dot, aa, bb] = [0, 0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i] ?? 0, b[i] ?? 0];
		dot += x * y;
		aa += x * x;
		bb += y * y;
	}
	return dot / Math.sqrt(aa * bb);
}
