import { SpearError } from "../../errors/spear-error.ts";
import { type CoreModuleCaps, capCoreModule, inspectCoreModule, PAGE_BYTES } from "../binary/core-module.ts";
import { type CoreModule, webAssembly } from "../web-assembly.ts";
import { type ModulePlan, planAllocations } from "./allocation-plan.ts";

/** Default memory limit of a guest instance, in bytes. Both JavaScript engines start below 32 MiB. */
export const DEFAULT_MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/** Bounds for one instance. No known guest has more than two memories, five tables or ten core instances. */
const MAX_MEMORIES = 4;
const MAX_TABLES = 64;
const MAX_CORE_INSTANCES = 64;

/** A compiled core module whose memories and tables cannot outgrow their part of the limit. */
export interface LimitedModule {
	readonly module: CoreModule;
	/** Number of memories, and of tables, that each instance of the module allocates. */
	readonly memories: number;
	readonly tables: number;
	/** Bytes that the memories, tables and globals of one instance of the module can occupy. */
	readonly bytes: number;
	/** Bytes that they occupy at the start. Hidden allocations, which the module does not export, count with their caps. */
	readonly initialBytes: number;
	/** Bytes of the hidden allocations, with their caps. */
	readonly hiddenBytes: number;
}

/**
 * Compiles the core modules of one component. The maxima of their memories and tables together stay within the limit.
 *
 * The largest module is first: other threads compile it while this one rewrites the others.
 *
 * @param rewrite Returns a module with the caps. May change its code, and must leave memories and tables else as they are. The default only caps.
 * @throws SpearError `invalid_request` for a limit below one page, for start sizes above the limit, or for a module that does not compile.
 */
export async function compileLimited(
	modules: readonly Uint8Array[],
	maxMemoryBytes: number,
	rewrite: (module: Uint8Array, caps: CoreModuleCaps) => Uint8Array = capCoreModule,
): Promise<LimitedModule[]> {
	if (!Number.isSafeInteger(maxMemoryBytes) || maxMemoryBytes < PAGE_BYTES) {
		throw new SpearError(
			"invalid_request",
			`max_memory_bytes is ${maxMemoryBytes}; give a whole number of at least ${PAGE_BYTES} (one page)`,
		);
	}
	const plans = planAllocations(modules.map(inspectCoreModule), maxMemoryBytes);
	const planned = modules.flatMap((bytes, index) => {
		const plan = plans[index];
		return plan === undefined ? [] : [{ bytes, plan, index }];
	});
	const compiled = await Promise.all(
		planned
			.sort((a, b) => b.bytes.length - a.bytes.length)
			.map(async ({ bytes, plan, index }) => ({ index, limited: await compile(rewrite(bytes, plan.caps), plan) })),
	);
	return compiled.sort((a, b) => a.index - b.index).map(({ limited }) => limited);
}

async function compile(bytes: Uint8Array, { caps, ...sizes }: ModulePlan): Promise<LimitedModule> {
	const module = await webAssembly.compile(bytes).catch((cause: unknown) => {
		throw new SpearError("invalid_request", "the guest cannot be loaded: one of its core modules does not compile", { cause });
	});
	return { module, memories: caps.maxPages.length, tables: caps.maxTableEntries.length, ...sizes };
}

/** Counts the allocations of one component instance: a component may instantiate the same core module many times. */
export class AllocationGuard {
	readonly #maxBytes: number;
	#instances = 0;
	#memories = 0;
	#tables = 0;
	#bytes = 0;

	/** @param maxBytes The memory limit that the modules were compiled for. */
	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	/**
	 * Admits one instance of a module.
	 *
	 * @throws SpearError `invalid_request` when the component would hold more than the limit allows.
	 */
	admit(module: LimitedModule): void {
		this.#instances += 1;
		this.#memories += module.memories;
		this.#tables += module.tables;
		this.#bytes += module.bytes;
		if (this.#instances > MAX_CORE_INSTANCES) throw refused(`it has more than ${MAX_CORE_INSTANCES} core instances`);
		if (this.#memories > MAX_MEMORIES) throw refused(`it has more than ${MAX_MEMORIES} memories`);
		if (this.#tables > MAX_TABLES) throw refused(`it has more than ${MAX_TABLES} tables`);
		if (this.#bytes > this.#maxBytes) {
			throw refused(
				`it instantiates a core module repeatedly, and the memories and tables could grow beyond the limit of ${this.#maxBytes} bytes; declare a maximum for them, or raise max_memory_bytes`,
			);
		}
	}
}

function refused(why: string): SpearError {
	return new SpearError("invalid_request", `the guest cannot be instantiated: ${why}`);
}
