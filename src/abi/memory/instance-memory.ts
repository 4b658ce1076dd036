import { type CoreMemory, type CoreTable, webAssembly } from "../web-assembly.ts";
import { TABLE_ENTRY_BYTES } from "./allocation-plan.ts";
import type { LimitedModule } from "./memory-limit.ts";

/** The memories and tables of one component instance. If its core instances do not export one, that one counts with its cap. */
export class InstanceMemory {
	readonly #initialBytes: number;
	readonly #hiddenBytes: number;
	readonly #memories = new Set<CoreMemory>();
	readonly #tables = new Set<CoreTable>();

	/** @param parts Core modules of the component, once for each of their instances. */
	constructor(parts: readonly Pick<LimitedModule, "initialBytes" | "hiddenBytes">[]) {
		this.#initialBytes = parts.reduce((sum, { initialBytes }) => sum + initialBytes, 0);
		this.#hiddenBytes = parts.reduce((sum, { hiddenBytes }) => sum + hiddenBytes, 0);
	}

	/** Adds what a core instance exports. Items that other core instances export too count once. */
	add(exports: Readonly<Record<string, unknown>>): void {
		for (const item of Object.values(exports)) {
			if (item instanceof webAssembly.Memory) this.#memories.add(item);
			else if (item instanceof webAssembly.Table) this.#tables.add(item);
		}
	}

	/** Bytes that they take now. At least the initial size, because not all core instances may exist yet. */
	get bytes(): number {
		let bytes = this.#hiddenBytes;
		for (const { buffer } of this.#memories) bytes += buffer.byteLength;
		for (const { length } of this.#tables) bytes += length * TABLE_ENTRY_BYTES;
		return Math.max(bytes, this.#initialBytes);
	}
}
