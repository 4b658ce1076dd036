import type { CoreSignature } from "../../binary/core-interface.ts";
import type { World } from "./world.ts";

/** A function of preview 1. Parameters of 64 bits are BigInts. An `AddressFault` that it throws becomes the errno `fault`. */
export interface WasiFunction {
	readonly signature: CoreSignature;
	/** True if the guest may wait for the function, which returns a promise then. The default is false. */
	readonly waits?: boolean;
	readonly call: (world: World, ...parameters: never[]) => unknown;
}

export type WasiFunctions = Readonly<Record<string, WasiFunction>>;

/** Returns a function that always answers the same. */
export function answering(signature: CoreSignature, errno: number): WasiFunction {
	return { signature, call: () => errno };
}
