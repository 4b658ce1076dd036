import type { SearchIndex } from "./client/search.ts";
import type { RenderedPage } from "./render.ts";

/** Longest excerpt of a text in the results, in characters. */
const EXCERPT = 120;

/** Returns the index of the search: the words of every text below a heading, with the numbers of the texts that have them. */
export function searchIndex(pages: readonly { readonly url: string; readonly name: string; readonly page: RenderedPage }[]): SearchIndex {
	const entries: SearchIndex["entries"][number][] = [];
	const postings = new Map<string, number[]>();
	for (const [number, { page }] of pages.entries()) {
		for (const { heading, text } of page.texts) {
			const entry = entries.length;
			const title = heading === undefined || heading.level === 1 ? "" : heading.title;
			entries.push([number, title === "" ? "" : (heading?.anchor ?? ""), title, excerptOf(text)]);
			for (const word of new Set(wordsIn(`${heading?.title ?? ""} ${text}`))) {
				const numbers = postings.get(word);
				if (numbers === undefined) postings.set(word, [entry]);
				else numbers.push(entry);
			}
		}
	}
	const words = [...postings.keys()].sort();
	return {
		pages: pages.map(({ url, name }) => [url, name]),
		entries,
		words: words.join(" "),
		// Differences of ascending numbers, which are short.
		postings: words.map((word) => deltas(postings.get(word) ?? []).join(" ")).join(","),
	};
}

/** Returns the words of a text as the search finds them: names as a whole, and their parts. */
export function wordsIn(text: string): string[] {
	const names = text.toLowerCase().match(/[\p{L}\p{N}]+(?:[_.:/-][\p{L}\p{N}]+)*/gu) ?? [];
	return names.flatMap((name) => [
		name.slice(0, 40),
		...(/[_.:/-]/.test(name) ? name.split(/[_.:/-]/).map((part) => part.slice(0, 40)) : []),
	]);
}

function deltas(numbers: readonly number[]): string[] {
	return numbers.map((number, at) => (number - (numbers[at - 1] ?? 0)).toString(36));
}

function excerptOf(text: string): string {
	if (text.length <= EXCERPT) return text;
	return `${text.slice(0, text.lastIndexOf(" ", EXCERPT))} …`;
}
