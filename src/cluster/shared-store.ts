import type { SharedBlocks } from "./blocks.ts";
import type { SharedHints } from "./hints.ts";
import type { LimitsRoom } from "./limits.ts";
import type { Members } from "./members.ts";
import type { SharedObjects } from "./objects.ts";
import type { SharedRuns } from "./runs.ts";
import type { StoreConnection } from "./store-connection.ts";

/**
 * The state that several hosts share. Two implementations: `MemoryStore` in the process, for a host alone and for tests, and `RedisStore` over a server that
 * speaks the protocol of Redis. Each room is an interface of its own, with the same file names in `memory/`, `redis/` and the conformance suite.
 *
 * Rooms know nothing of each other. Times are those of the store, never of a host. A call that fails throws StoreError.
 */
export interface SharedStore {
	readonly connection: StoreConnection;
	/** Rates, budgets and places of hosts together. */
	readonly limits: LimitsRoom;
	/** Hints of hosts on backends and keys. */
	readonly hints: SharedHints;
	/** The live hosts. */
	readonly members: Members;
	/** Media objects of guests: records, quotas and expiry. */
	readonly objects: SharedObjects;
	/** Contents in blocks. */
	readonly blocks: SharedBlocks;
	/** The queue of runs. */
	readonly runs: SharedRuns;
	/** Ends the connection. Calls in flight fail with StoreError `closed`. */
	close(): Promise<void>;
}
