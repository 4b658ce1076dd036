import type { SharedStore } from "../shared-store.ts";
import type { StoreConnection } from "../store-connection.ts";
import { MemoryBlocks } from "./memory-blocks.ts";
import { MemoryHints } from "./memory-hints.ts";
import { MemoryLimits } from "./memory-limits.ts";
import { MemoryMembers } from "./memory-members.ts";
import { MemoryObjects } from "./memory-objects.ts";
import { MemoryRuns } from "./memory-runs.ts";

export interface MemoryStoreOptions {
	/** Returns milliseconds since 1970. The default is the time of the system. */
	readonly now?: () => number;
}

/** A store in this process. Hosts of one process share the store. The contents end with the process. */
export class MemoryStore implements SharedStore {
	readonly connection: StoreConnection;
	readonly limits: MemoryLimits;
	readonly hints: MemoryHints;
	readonly members: MemoryMembers;
	readonly objects: MemoryObjects;
	readonly blocks: MemoryBlocks;
	readonly runs: MemoryRuns;

	constructor({ now = Date.now }: MemoryStoreOptions = {}) {
		this.connection = { state: { reachable: true, sinceMs: now() }, onChange: () => () => {}, onCall: () => () => {} };
		this.limits = new MemoryLimits(now);
		this.hints = new MemoryHints(now);
		this.members = new MemoryMembers(now);
		this.objects = new MemoryObjects(now);
		this.blocks = new MemoryBlocks(now);
		this.runs = new MemoryRuns(now);
	}

	async close(): Promise<void> {}
}
