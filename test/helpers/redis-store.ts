import { loadRedis } from "../../src/cluster/redis/load-redis.ts";
import { RedisStore } from "../../src/cluster/redis/redis-store.ts";

/** Connects to a server with the default settings. */
export async function connectedStore(url: string, prefix = "spear"): Promise<RedisStore> {
	const settings = { url, sentinels: undefined, user: undefined, password: undefined, ca: undefined, timeoutMs: 1_000 };
	const store = new RedisStore(settings, { prefix, replicas: 0, client: await loadRedis() });
	await store.connect();
	return store;
}
