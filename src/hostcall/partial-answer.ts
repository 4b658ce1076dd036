import { Charge } from "../memory/charge.ts";
import type { HostMemory } from "../memory/memory-kinds.ts";

/** Bytes of a UTF-16 unit of text. */
const UNIT_BYTES = 2;

/** The memory of the text that a stream keeps, to report it if the stream fails. */
export class PartialAnswer {
	readonly #charge: Charge;

	constructor(memory: HostMemory) {
		this.#charge = new Charge(memory, "queues");
	}

	/** Counts a text that is kept. */
	keep(text: string): void {
		this.#charge.count(UNIT_BYTES * text.length);
	}

	/** Releases all of it at the end of the stream. */
	close(): void {
		this.#charge.close();
	}
}
