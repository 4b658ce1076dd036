// The search of the page: linear over an index that is made once, a few milliseconds for ten thousand items.

/** Rows of the index with what the search compares. The name of an item is the last part of its anchor. */
export function entriesOf({ kinds, rows }) {
	return rows.map(([id, kind, text]) => {
		const start = Math.max(id.lastIndexOf("."), id.lastIndexOf(":"), id.lastIndexOf("/")) + 1;
		const name = id.slice(start);
		const place = id.slice(0, Math.max(start - 1, 0)).replaceAll(":", " ");
		return { id, name, kind: kinds[kind], place, text, lowName: name.toLowerCase(), lowId: id.toLowerCase(), lowText: text.toLowerCase() };
	});
}

/** Entries in which every word of the question occurs: in the name, the place or the comment. The nearest come first. */
export function search(entries, question) {
	const words = wordsOf(question);
	if (words.length === 0) return [];
	const found = [];
	for (const [order, entry] of entries.entries()) {
		let sum = 0;
		for (const word of words) sum += distance(entry, word);
		if (sum < Number.POSITIVE_INFINITY) found.push({ entry, sum, order });
	}
	found.sort((a, b) => a.sum - b.sum || a.entry.name.length - b.entry.name.length || a.order - b.order);
	return found.map(({ entry }) => entry);
}

/** `tryNext` and `try_next`, as other languages spell a name, are `try-next`. */
function wordsOf(question) {
	const kebab = question.replaceAll("_", "-").replace(/([a-z])([A-Z])/g, "$1-$2");
	return kebab
		.toLowerCase()
		.split(/\s/)
		.filter((word) => word !== "");
}

function distance({ lowName, lowId, lowText }, word) {
	if (lowName === word || lowId === word) return 0;
	if (lowId.endsWith(`.${word}`)) return 1;
	if (lowName.startsWith(word)) return 2;
	if (lowName.includes(`-${word}`)) return 3;
	if (lowName.includes(word)) return 4;
	if (lowId.includes(word)) return 6;
	return lowText.includes(word) ? 9 : Number.POSITIVE_INFINITY;
}
