import { loadRedis } from "../../src/cluster/redis/load-redis.ts";
import { RedisStore } from "../../src/cluster/redis/redis-store.ts";

export interface ConnectedStoreOptions {
	/** Longest duration of a call, in milliseconds. The default is 1,000. */
	readonly timeoutMs?: number;
	/** Replicas that confirm. The default is 0. */
	readonly replicas?: number;
}

/** Connects to a server as the default user. */
export async function connectedStore(url: string, prefix = "spear", options: ConnectedStoreOptions = {}): Promise<RedisStore> {
	const { timeoutMs = 1_000, replicas = 0 } = options;
	const settings = { url, sentinels: undefined, user: undefined, password: undefined, ca: undefined, timeoutMs };
	const store = new RedisStore(settings, { prefix, replicas, client: await loadRedis() });
	await store.connect();
	return store;
}
