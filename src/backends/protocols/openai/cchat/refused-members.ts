/** Largest number of models to remember. A guest may name any model where the configuration names none. */
const MAX_MODELS = 256;

/**
 * Members that the upstream of one instance refuses, by model. An entry is made only after a request without the member succeeded, so the
 * text of a guest cannot make one. Models beyond the bound replace those that were used least recently, which then cost one more refusal.
 */
export class RefusedMembers {
	readonly #byModel = new Map<string, ReadonlySet<string>>();

	/** Returns the members that a model is known to refuse. */
	of(model: string): ReadonlySet<string> {
		const members = this.#byModel.get(model);
		if (members === undefined) return NONE;
		this.#set(model, members);
		return members;
	}

	/** Remembers that a model refuses these members. */
	add(model: string, members: Iterable<string>): void {
		this.#set(model, new Set([...this.of(model), ...members]));
		const [oldest] = this.#byModel.keys();
		if (this.#byModel.size > MAX_MODELS && oldest !== undefined) this.#byModel.delete(oldest);
	}

	/** Makes a model the most recently used: a map keeps the order of insertion. */
	#set(model: string, members: ReadonlySet<string>): void {
		this.#byModel.delete(model);
		this.#byModel.set(model, members);
	}
}

const NONE: ReadonlySet<string> = new Set();
