import type { ComponentData } from "../abi/component/component-data.ts";
import { loadComponentModule, moduleFromData } from "../abi/component/component-module.ts";
import type { GuestModule } from "../abi/guest-module.ts";

/** A loaded guest in a form that can be sent to a worker. */
export interface GuestData {
	/** The guest of engine `direct`, compiled. For engine `jco`, path or bytes of the component. */
	readonly component: ComponentData | JcoComponentData;
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
export async function guestFromData({ component, maxMemoryBytes }: GuestData): Promise<GuestModule> {
	if (!("source" in component)) return moduleFromData(component);
	const { source, ...options } = component;
	return loadComponentModule(source, { engine: "jco", maxMemoryBytes, ...options });
}
