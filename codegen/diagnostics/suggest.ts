/** "Did you mean" suggestions: the known name nearest to one that is not known. */

/** The candidate nearest to `name`, or nothing when none is near enough to be a likely slip. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
	// Of two letters, one wrong is a different name; only the case can be a slip.
	const limit = name.length < 3 ? 0 : Math.floor(name.length / 3);
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const candidate of candidates) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
		if (candidate !== name && distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** A help sentence around `nearestName`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
	const nearest = nearestName(name, candidates);
	return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

/**
 * Edits (insert, delete, replace, swap of neighbours) from `a` to `b`. Stops early once the answer cannot be below
 * `limit`, and then returns `limit`.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
	if (Math.abs(a.length - b.length) >= limit) {
		return limit;
	}
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
				cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
			}
			current.push(cost);
		}
		if (Math.min(...current) >= limit && Math.min(...last) >= limit) {
			return limit;
		}
		beforeLast = last;
		last = current;
	}
	return last[b.length] ?? 0;
}
