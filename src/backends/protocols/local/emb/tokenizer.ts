/** Id of a character that no piece of the vocabulary has. */
const UNKNOWN = 0;

/** Number of ids at the beginning of the vocabulary that stand for no text. */
const RESERVED = 6;

/** Character that the vocabulary has in place of a blank. */
const BLANK = "▁";

/** Node of the tree of all pieces. */
interface Node {
	readonly next: Map<string, Node>;
	/** The piece that ends here. Absent within a piece. */
	piece?: { readonly id: number; readonly score: number };
}

/** Best way to reach a place in the text. */
interface Step {
	readonly score: number;
	readonly from: number;
	readonly id: number;
}

/**
 * Splits a text into the pieces of a vocabulary whose scores have the largest sum, as SentencePiece's unigram models do. The time grows with the
 * length of the text, because no piece is longer than some characters.
 *
 * @see https://aclanthology.org/P18-1007/
 */
export class Tokenizer {
	readonly #root: Node = { next: new Map() };

	/**
	 * @param vocabulary List of pairs: a piece and its score.
	 * @throws Error for another form.
	 */
	constructor(vocabulary: unknown) {
		if (!Array.isArray(vocabulary) || vocabulary.length <= RESERVED) throw new Error("the vocabulary is no list of pieces");
		let last = 0;
		for (const [id, entry] of vocabulary.entries()) {
			const [piece, stated]: unknown[] = Array.isArray(entry) ? entry : [];
			// The published vocabulary is sorted, and lacks the scores of some pieces with a colon.
			const score = stated ?? last;
			if (typeof piece !== "string" || typeof score !== "number") throw new Error(`piece ${id} of the vocabulary is no pair`);
			last = score;
			if (id >= RESERVED) this.#add(piece, { id, score });
		}
	}

	/** Returns the ids of a text. Characters in a row that no piece has are one id. A blank text has no ids. */
	encode(text: string): number[] {
		const words = text
			.normalize("NFKC")
			.split(/\s+/)
			.filter((word) => word !== "");
		if (words.length === 0) return [];
		const symbols = [...`${BLANK}${words.join(BLANK)}`];
		const ids: number[] = [];
		const steps = this.#bestSteps(symbols);
		for (let at = symbols.length; at > 0; ) {
			const { id, from } = steps[at] ?? { id: UNKNOWN, from: at - 1 };
			if (id !== UNKNOWN || ids.at(-1) !== UNKNOWN) ids.push(id);
			at = from;
		}
		return ids.reverse();
	}

	#bestSteps(symbols: readonly string[]): (Step | undefined)[] {
		const steps: (Step | undefined)[] = [{ score: 0, from: 0, id: UNKNOWN }];
		for (let from = 0; from < symbols.length; from++) {
			const base = steps[from]?.score;
			if (base === undefined) continue;
			let node: Node | undefined = this.#root;
			let isKnown = false;
			for (let at = from; at < symbols.length; at++) {
				node = node.next.get(symbols[at] ?? "");
				if (node === undefined) break;
				if (node.piece === undefined) continue;
				isKnown = true;
				reach(steps, at + 1, { score: base + node.piece.score, from, id: node.piece.id });
			}
			if (!isKnown) reach(steps, from + 1, { score: base, from, id: UNKNOWN });
		}
		return steps;
	}

	#add(piece: string, value: { readonly id: number; readonly score: number }): void {
		let node = this.#root;
		for (const symbol of piece) {
			const known = node.next.get(symbol);
			const next: Node = known ?? { next: new Map() };
			if (known === undefined) node.next.set(symbol, next);
			node = next;
		}
		node.piece = value;
	}
}

function reach(steps: (Step | undefined)[], at: number, step: Step): void {
	const known = steps[at];
	if (known === undefined || step.score >= known.score) steps[at] = step;
}
