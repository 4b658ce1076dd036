import type { Feature, Operation, Transport } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import type { Backend } from "../backends/backend.ts";

/** A backend instance as the router sees it: what it can do, whether it may be used, and how busy it is. */
export interface Instance {
	/** Unique name from the host's configuration. */
	readonly name: string;
	readonly kind: string;
	readonly backend: Backend;
	readonly operations: ReadonlyMap<Operation, Capabilities>;
	/** Whether the key it needs is there now. True for one that needs none. */
	readonly hasKey: () => boolean;
	/** Requests, streams and sessions that hold a lease on it. */
	inFlight: number;
}

/** What an instance offers for one operation. */
export interface Capabilities {
	readonly features: ReadonlySet<Feature>;
	readonly transports: ReadonlySet<Transport>;
	/** Models by the name guests use, the default one first. Empty means: any model a request names. */
	readonly models: readonly string[];
	/** Voices a request may ask for. */
	readonly voices: readonly tts.Voice[];
}
