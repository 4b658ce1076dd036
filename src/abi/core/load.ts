import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { readCoreInterface } from "../binary/core-interface.ts";
import type { CoreModuleCaps } from "../binary/core-module.ts";
import { sha256 } from "../component/files/file-record.ts";
import { LoadCache } from "../load-cache.ts";
import { AllocationGuard, compileLimited, DEFAULT_MAX_MEMORY_BYTES } from "../memory/memory-limit.ts";
import { meterCoreModule } from "../metering/meter-core-module.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";
import { checkCoreInterface } from "./check-interface.ts";
import type { CoreData } from "./core-data.ts";
import { CoreGuest } from "./core-guest.ts";
import { OfferedImports } from "./offered-imports.ts";
import { PREVIEW1_IMPORTS } from "./preview1/preview1.ts";

export interface CoreLoadOptions {
	/** Metering of the guest. The default is `full`. */
	readonly metering?: MeteringMode;
	/** Limit on the linear memories, tables and globals of an instance together, in bytes. The default is 256 MiB. */
	readonly maxMemoryBytes?: number;
}

const OFFERED = new OfferedImports([...CORE_IMPORTS, ...PREVIEW1_IMPORTS]);

/** Core modules of this process, by content and options. */
const loaded = new LoadCache<CoreGuest>();

/**
 * Loads a guest that is a core module. Runs no code of the guest.
 *
 * @param name Name for messages.
 * @throws SpearError `invalid_request`: not valid, without an entry, importing what the host does not offer, or needing too much memory.
 */
export function loadCoreGuest(bytes: Uint8Array, name: string, options: CoreLoadOptions = {}): Promise<CoreGuest> {
	const { metering = "full", maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES } = options;
	const key = [name, sha256(bytes), metering, maxMemoryBytes].join(" ");
	return loaded.get(key, async () => new CoreGuest(await compileCore(bytes, name, metering, maxMemoryBytes)));
}

async function compileCore(bytes: Uint8Array, name: string, mode: MeteringMode, maxMemoryBytes: number): Promise<CoreData> {
	const found = readCoreInterface(bytes);
	checkCoreInterface(name, found, OFFERED);
	const rewrite = mode === "off" ? undefined : (module: Uint8Array, caps: CoreModuleCaps) => meterCoreModule(module, { mode, caps });
	const [module] = await compileLimited([bytes], maxMemoryBytes, rewrite);
	if (module === undefined) throw new TypeError("the compiler returned no module");
	new AllocationGuard(maxMemoryBytes).admit(module);
	const imports = new Map(
		found.imports.map(({ module: from, name: imported }) => [`${from} ${imported}`, { module: from, name: imported }]),
	);
	return { name, module, metering: mode, imports: [...imports.values()] };
}
