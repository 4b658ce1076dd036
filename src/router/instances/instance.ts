import type { ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import type * as tts from "../../../generated/ir/tts.ts";
import type { Backend } from "../../backends/backend.ts";
import type { KeyPool } from "./keys/key-pool.ts";
import type { InstanceStats } from "./stats/instance-stats.ts";

/** A backend instance as the router sees it: what it can do, how it is to be used, and how it does. */
export interface Instance {
	/** Unique name from the host's configuration. */
	readonly name: string;
	readonly kind: string;
	readonly backend: Backend;
	readonly operations: ReadonlyMap<Operation, Capabilities>;
	/** Its share among instances of one priority, in relation to theirs. 0 takes no new requests. */
	readonly weight: number;
	/** Instances with a lower number go first. */
	readonly priority: number;
	/** Where it is, in the operator's own naming. */
	readonly region: string | undefined;
	/** Requests, streams and sessions at a time, of all operations together. */
	readonly concurrency: number;
	readonly keys: KeyPool;
	readonly stats: InstanceStats;
}

/** What an instance offers for one operation. */
export interface Capabilities {
	readonly features: ReadonlySet<Feature>;
	readonly transports: ReadonlySet<Transport>;
	/** Models by the name guests use, the default one first. Empty means: any model a request names. */
	readonly models: readonly Model[];
	/** Voices a request may ask for. */
	readonly voices: readonly tts.Voice[];
	/** How large a request may be, where the model does not say otherwise. */
	readonly limits: ModelLimits;
	readonly rates: Rates;
	/** What its use costs, where the model does not say otherwise. */
	readonly price: PriceConfig | undefined;
}

/** A model an instance serves. */
export interface Model {
	/** May hold one `*`. */
	readonly name: string;
	readonly aliases: readonly string[];
	readonly limits: ModelLimits;
	readonly price: PriceConfig | undefined;
}

/** How many requests of one operation an instance takes. */
export interface Rates {
	/** At a time. */
	readonly concurrency: number;
	readonly requestsPerMinute: Rate | undefined;
	/** Input and output together. */
	readonly tokensPerMinute: Rate | undefined;
}

/** How much each of an instance's keys may draw a minute. */
export interface Rate {
	readonly amount: number;
	/** Counted for this operation by itself; else for all together. */
	readonly ofOperation: boolean;
}
