const NONE: readonly string[] = [];

/** Names of the tools of a request, to read a name that arrives in several pieces. */
export class ToolNames {
	readonly #sorted: readonly string[];

	constructor(names: Iterable<string> = []) {
		this.#sorted = Array.isArray(names) && names.length === 0 ? NONE : [...new Set(names)].sort(byCodeUnits);
	}

	/** Returns true if a tool's name begins with this text and is longer. */
	extend(text: string): boolean {
		const at = this.#firstFrom(text);
		const found = this.#sorted[at] === text ? this.#sorted[at + 1] : this.#sorted[at];
		return found?.startsWith(text) ?? false;
	}

	/**
	 * Returns true if `piece` continues the name that begins with `name`: together they are a tool's name or begin one. A piece that is a
	 * tool's name itself continues none.
	 */
	join(name: string, piece: string): boolean {
		if (this.#sorted[this.#firstFrom(piece)] === piece) return false;
		const text = name + piece;
		return this.#sorted[this.#firstFrom(text)]?.startsWith(text) ?? false;
	}

	/** Returns the index of the first name that is not before `text`. */
	#firstFrom(text: string): number {
		let low = 0;
		let high = this.#sorted.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (byCodeUnits(this.#sorted[middle] ?? "", text) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

function byCodeUnits(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
