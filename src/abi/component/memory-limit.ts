import { SpearError } from "../../errors/spear-error.ts";
import { capCoreModule, inspectCoreModule, PAGE_BYTES } from "./binary/core-module.ts";
import { type CoreModule, webAssembly } from "./web-assembly.ts";

/** Default maximum of a guest's linear memory, in bytes. Both JavaScript engines start below 32 MiB. */
export const DEFAULT_MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/** Bounds for one instance. No known guest has more than two memories or five tables; more would multiply the limit. */
const MAX_MEMORIES = 4;
const MAX_TABLES = 64;
const MAX_TABLE_ENTRIES = 1_000_000;

/** A compiled core module whose memories cannot outgrow the limit. */
export interface LimitedModule {
	readonly module: CoreModule;
	/** Number of memories, and of tables, that each instance of the module allocates. */
	readonly memories: number;
	readonly tables: number;
}

/**
 * Compiles a core module with the maximum of each memory set to the limit, rounded down to whole pages of 64 KiB.
 *
 * @throws SpearError `invalid_request` for a limit below one page, or for a module that does not compile.
 */
export async function compileLimited(bytes: Uint8Array, maxMemoryBytes: number): Promise<LimitedModule> {
	if (!Number.isSafeInteger(maxMemoryBytes) || maxMemoryBytes < PAGE_BYTES) {
		throw new SpearError(
			"invalid_request",
			`maxMemoryBytes is ${maxMemoryBytes}; give a whole number of at least ${PAGE_BYTES} (one page)`,
		);
	}
	const maxPages = Math.min(Math.floor(maxMemoryBytes / PAGE_BYTES), 65_536);
	const needs = inspectCoreModule(bytes);
	const capped = capCoreModule(bytes, { maxPages, maxTableEntries: MAX_TABLE_ENTRIES });
	const module = await webAssembly.compile(capped).catch((cause: unknown) => {
		throw new SpearError("invalid_request", "the component cannot be loaded: one of its core modules does not compile", { cause });
	});
	return { module, memories: needs.memories.length, tables: needs.tables.length };
}

/** Counts the allocations of one component instance: a component may instantiate the same core module many times. */
export class AllocationGuard {
	#memories = 0;
	#tables = 0;

	admit(module: LimitedModule): void {
		this.#memories += module.memories;
		this.#tables += module.tables;
		if (this.#memories > MAX_MEMORIES) throw tooMany("memories", MAX_MEMORIES);
		if (this.#tables > MAX_TABLES) throw tooMany("tables", MAX_TABLES);
	}
}

function tooMany(what: string, limit: number): SpearError {
	return new SpearError("invalid_request", `the component cannot be instantiated: it has more than ${limit} ${what}`);
}
