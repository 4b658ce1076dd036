/** Anchors of the headings of one page, as GitHub makes them: a repeated one gets a number. */
export class Anchors {
	readonly #counts = new Map<string, number>();

	add(title: string): string {
		const base = title
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, "")
			.trim()
			.replace(/\s/g, "-");
		const count = this.#counts.get(base) ?? 0;
		this.#counts.set(base, count + 1);
		return count === 0 ? base : `${base}-${count}`;
	}
}
