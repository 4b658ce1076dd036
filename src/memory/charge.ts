import type { HostMemory, HostMemoryKind } from "./memory-kinds.ts";

/** The bytes that one owner, such as a session, has charged. Released exactly once, whatever happens after the owner's end. */
export class Charge {
	readonly #memory: HostMemory;
	readonly #kind: HostMemoryKind;
	#bytes = 0;
	#closed = false;

	constructor(memory: HostMemory, kind: HostMemoryKind) {
		this.#memory = memory;
		this.#kind = kind;
	}

	/** Bytes of the charge now. */
	get bytes(): number {
		return this.#bytes;
	}

	/**
	 * Charges bytes in addition. Has no effect after `close`.
	 *
	 * @throws As `HostMemory.charge`. The charge stays as it was then.
	 */
	add(bytes: number): void {
		if (this.#closed) return;
		this.#memory.charge(this.#kind, bytes);
		this.#bytes += bytes;
	}

	/** Counts bytes in addition, without a check. Has no effect after `close`. */
	count(bytes: number): void {
		if (this.#closed) return;
		this.#memory.count(this.#kind, bytes);
		this.#bytes += bytes;
	}

	/** Releases a part of the charge. Has no effect after `close`. */
	release(bytes: number): void {
		if (this.#closed) return;
		this.#bytes -= bytes;
		this.#memory.release(this.#kind, bytes);
	}

	/** Releases the whole charge and ends it. Safe to call twice. */
	close(): void {
		if (this.#closed) return;
		this.release(this.#bytes);
		this.#closed = true;
	}
}
