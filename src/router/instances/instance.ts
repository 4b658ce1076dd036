import type { ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import type * as tts from "../../../generated/ir/tts.ts";
import type { Backend } from "../../backends/backend.ts";
import type { DiscoveredModel } from "../../backends/discovery.ts";
import type { RuleTable } from "../degradation/rule-table.ts";
import type { KeyPool } from "./keys/key-pool.ts";
import type { InstanceStats } from "./stats/instance-stats.ts";

/** A configured backend as the router sees it: its capabilities, its settings, its keys and its statistics. */
export interface Instance {
	/** Unique name from the host's configuration. */
	readonly name: string;
	/** Name of its backend kind. */
	readonly kind: string;
	readonly backend: Backend;
	/** Capabilities by operation. An operation without an entry is not served. */
	readonly operations: ReadonlyMap<Operation, Capabilities>;
	/** Share of the requests among instances of one priority, relative to their weights. With 0 the instance gets no new requests. */
	readonly weight: number;
	/** `disabled`: gets no new requests. `draining`: gets new requests only of sessions that it served last. Absent for neither. */
	readonly setAside?: "disabled" | "draining";
	/** Instances with a lower number are preferred. */
	readonly priority: number;
	/** Location, in the operator's own naming. `undefined` matches no region. */
	readonly region: string | undefined;
	/** Limit of concurrent requests, streams and sessions of all operations together. `Infinity` for no limit. */
	readonly concurrency: number;
	readonly keys: KeyPool;
	readonly stats: InstanceStats;
	/**
	 * Returns the models that the upstream listed last, by the names that guests use. Never waits. For the catalog alone: no request is routed
	 * by the list. Absent: none are shown.
	 */
	readonly discovered?: () => readonly DiscoveredModel[];
}

/** The capabilities of an instance for one operation. */
export interface Capabilities {
	readonly features: ReadonlySet<Feature>;
	readonly transports: ReadonlySet<Transport>;
	/** Treatment of every field of a request. `undefined` if every field passes. */
	readonly rules: RuleTable | undefined;
	/** Models by the names that guests use; the first is the default. An empty list means any model that a request names. */
	readonly models: readonly Model[];
	/** True if models are configured and none of them serves the operation: no request may go here. The default is false. */
	readonly isClosed?: boolean;
	/** Voices that a request may name. */
	readonly voices: readonly tts.Voice[];
	/** Limits on the size of a request. A model's own limits override them. */
	readonly limits: ModelLimits;
	readonly rates: Rates;
	/** Price of a request. A model's own price overrides it. `undefined` for an unknown price. */
	readonly price: PriceConfig | undefined;
}

/** A model that an instance serves. */
export interface Model {
	/** Name that guests use. May hold one `*`. */
	readonly name: string;
	/** Further names that guests may use. */
	readonly aliases: readonly string[];
	/** Limits that override those of the instance. */
	readonly limits: ModelLimits;
	/** Price that overrides the instance's. `undefined` for the instance's. */
	readonly price: PriceConfig | undefined;
}

/** Rate limits of an instance for one operation. */
export interface Rates {
	/** Limit of concurrent requests of this operation. `Infinity` for no limit. */
	readonly concurrency: number;
	/** Absent for no limit. */
	readonly requestsPerSecond?: Rate;
	/** `undefined` for no limit. */
	readonly requestsPerMinute: Rate | undefined;
	/** Limit of input and output tokens together. `undefined` for no limit. */
	readonly tokensPerMinute: Rate | undefined;
}

/** A limit per second or minute. Each key of an instance has the whole amount. */
export interface Rate {
	readonly amount: number;
	/** True if this operation is counted alone; false if all operations are counted together. */
	readonly ofOperation: boolean;
}
