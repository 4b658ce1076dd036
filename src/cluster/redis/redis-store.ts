import type { SharedStore } from "../shared-store.ts";
import { StoreKeys } from "./keys.ts";
import type { RedisClient } from "./redis-connection.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { RedisSettings } from "./redis-settings.ts";

export interface RedisStoreOptions {
	/** Prefix of the deployment. */
	readonly prefix: string;
	/** Replicas that must hold a submitted run, and the result of a run. */
	readonly replicas: number;
	readonly client: RedisClient;
}

/** A store on a server that speaks the protocol of Redis 6.2 or later: Redis, Valkey. */
export class RedisStore implements SharedStore {
	readonly connection: RedisConnection;
	/** @internal */
	readonly keys: StoreKeys;

	constructor(settings: RedisSettings, { prefix, client }: RedisStoreOptions) {
		this.connection = new RedisConnection(settings, client);
		this.keys = new StoreKeys(prefix);
	}

	/** Connects. @throws StoreError if the server cannot be reached now. Further attempts follow by themselves. */
	async connect(): Promise<void> {
		await this.connection.connect();
	}

	async close(): Promise<void> {
		this.connection.close();
	}
}
