import { SpearError } from "../../../../errors/spear-error.ts";

/** Counts the bytes that all writers hold in memory, and refuses those beyond a limit. */
export class BufferedBytes {
	readonly #max: number;
	#bytes = 0;

	constructor(max: number) {
		this.#max = max;
	}

	/** @throws SpearError `internal`, retryable, for bytes beyond the limit. */
	add(bytes: number): void {
		if (this.#bytes + bytes > this.#max) {
			throw new SpearError("internal", "the host writes too many large media objects at once; try again later", { retryable: true });
		}
		this.#bytes += bytes;
	}

	remove(bytes: number): void {
		this.#bytes -= bytes;
	}
}
