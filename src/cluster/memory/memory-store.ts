import type { SharedStore } from "../shared-store.ts";
import type { StoreConnection } from "../store-connection.ts";

/** A store in this process. Hosts of one process share the store. The contents end with the process. */
export class MemoryStore implements SharedStore {
	readonly connection: StoreConnection = { state: { reachable: true, sinceMs: Date.now() }, onChange: () => () => {} };

	async close(): Promise<void> {}
}
