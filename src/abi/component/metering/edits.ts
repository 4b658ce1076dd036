/** Kinds of an edit that inserts code. Any other kind is the index of the function that replaces a function index. */
export const INSERT = {
	/** A check of the counter. */
	check: -1,
	/** A charge by the length of a memory operation, which is on top of the stack. */
	memoryCharge: -2,
	/** A charge by the length of a table operation, which is on top of the stack. */
	tableCharge: -3,
	/** A fixed charge for the growth of a memory. */
	growCharge: -4,
} as const;

/** Edits of one function's code, by position. Parallel arrays, because large modules have hundreds of thousands of edits. */
export class Edits {
	/** Position in the module at which the original bytes are interrupted. */
	readonly at: number[] = [];
	/** Position at which the original bytes continue. Equal to `at` for insertions. */
	readonly resume: number[] = [];
	readonly kind: number[] = [];

	get length(): number {
		return this.at.length;
	}

	insert(at: number, kind: number): void {
		this.#add(at, at, kind);
	}

	/** Replaces the encoded function index between two positions. */
	replaceIndex(at: number, resume: number, index: number): void {
		this.#add(at, resume, index);
	}

	clear(): void {
		this.at.length = 0;
		this.resume.length = 0;
		this.kind.length = 0;
	}

	#add(at: number, resume: number, kind: number): void {
		this.at.push(at);
		this.resume.push(resume);
		this.kind.push(kind);
	}
}
