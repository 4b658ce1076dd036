import type { ComponentData } from "../abi/component/component-data.ts";
import { loadComponentModule, moduleFromData } from "../abi/component/component-module.ts";
import type { CoreData } from "../abi/core/core-data.ts";
import { CoreGuest } from "../abi/core/core-guest.ts";
import type { GuestModule } from "../abi/guest-module.ts";

/** A loaded guest in a form that can be sent to a worker. */
export interface GuestData {
	/** The guest, compiled: a component of engine `direct`, or a core module. For engine `jco`, path or bytes of the component. */
	readonly guest: ComponentData | CoreData | JcoComponentData;
	readonly maxMemoryBytes: number;
	/** Most bytes of the account of one instance. */
	readonly maxInstanceBytes: number;
}

/** A component that the worker loads by itself, because its code cannot be sent. */
export interface JcoComponentData {
	readonly source: string | Uint8Array;
	readonly cacheDirectory?: string;
}

/**
 * Returns the guest that the data describe.
 *
 * @throws As `loadComponentModule`.
 */
export async function guestFromData({ guest, maxMemoryBytes }: GuestData): Promise<GuestModule> {
	if ("agent" in guest) return moduleFromData(guest);
	if ("module" in guest) return new CoreGuest(guest);
	const { source, ...options } = guest;
	return loadComponentModule(source, { engine: "jco", maxMemoryBytes, ...options });
}
