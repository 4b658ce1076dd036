import type { SharedStore } from "../shared-store.ts";
import type { StoreConnection } from "../store-connection.ts";
import { MemoryRuns } from "./memory-runs.ts";

export interface MemoryStoreOptions {
	/** Source of time, in milliseconds since 1970. The default is the system's time. */
	readonly now?: () => number;
}

/** A store in this process. Hosts of one process share the store. The contents end with the process. */
export class MemoryStore implements SharedStore {
	readonly connection: StoreConnection = { state: { reachable: true, sinceMs: Date.now() }, onChange: () => () => {} };
	readonly runs: MemoryRuns;

	constructor({ now = Date.now }: MemoryStoreOptions = {}) {
		this.runs = new MemoryRuns(now);
	}

	async close(): Promise<void> {}
}
