import { loadComponentModule } from "../abi/component/component-module.ts";
import type { LoadOptions } from "../abi/component/load.ts";
import type { GuestModule } from "../abi/guest-module.ts";

/** A loaded guest in a form that can be sent to a worker. */
export interface GuestData {
	/** Path of the component or the prepared agent, or the bytes of a component. */
	readonly source: string | Uint8Array;
	readonly maxMemoryBytes: number;
	/** Most bytes of the account of one instance. */
	readonly maxInstanceBytes: number;
	readonly engine?: NonNullable<LoadOptions["engine"]>;
	readonly metering?: NonNullable<LoadOptions["metering"]>;
	readonly cacheDirectory?: string;
}

/**
 * Returns the guest that the data describe.
 *
 * @throws As `loadComponentModule`.
 */
export function guestFromData({ source, maxInstanceBytes: _, ...options }: GuestData): Promise<GuestModule> {
	return loadComponentModule(source, options);
}
