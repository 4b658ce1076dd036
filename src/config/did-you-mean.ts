/** `; did you mean 'x'?` for the closest of `names`, if one is close. */
export function didYouMean(name: string, names: readonly string[]): string {
	const close = names
		.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
		.filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
		.sort((a, b) => a.distance - b.distance)[0];
	return close === undefined ? "" : `; did you mean '${close.candidate}'?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted));
		}
		previous = row;
	}
	return previous[b.length] ?? 0;
}
