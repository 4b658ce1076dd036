import type { SharedStore } from "../shared-store.ts";
import { StoreKeys } from "./keys.ts";
import { RedisBlocks } from "./redis-blocks.ts";
import type { RedisClient } from "./redis-connection.ts";
import { RedisConnection } from "./redis-connection.ts";
import { RedisHints } from "./redis-hints.ts";
import { RedisLimits } from "./redis-limits.ts";
import { RedisMembers } from "./redis-members.ts";
import { RedisObjects } from "./redis-objects.ts";
import { RedisRuns } from "./redis-runs.ts";
import type { RedisSettings } from "./redis-settings.ts";
import { ReplicaConfirmation } from "./replica-confirmation.ts";

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
	readonly limits: RedisLimits;
	readonly hints: RedisHints;
	readonly members: RedisMembers;
	readonly objects: RedisObjects;
	readonly blocks: RedisBlocks;
	readonly runs: RedisRuns;
	/** Connection for writes that replicas confirm. Absent: no replica confirms. */
	readonly #confirmed: RedisConnection | undefined;

	constructor(settings: RedisSettings, { prefix, replicas, client }: RedisStoreOptions) {
		this.connection = new RedisConnection(settings, client);
		this.keys = new StoreKeys(prefix);
		this.limits = new RedisLimits(this.connection, this.keys);
		this.hints = new RedisHints(this.connection, this.keys);
		this.members = new RedisMembers(this.connection, this.keys);
		this.objects = new RedisObjects(this.connection, this.keys);
		this.blocks = new RedisBlocks(this.connection, this.keys);
		this.#confirmed = replicas === 0 ? undefined : new RedisConnection(settings, client);
		const confirmation =
			this.#confirmed === undefined
				? undefined
				: { connection: this.#confirmed, replicas: new ReplicaConfirmation(this.#confirmed, replicas, Math.ceil(settings.timeoutMs / 2)) };
		this.runs = new RedisRuns({ connection: this.connection, confirmation, keys: this.keys });
	}

	/** Connects. @throws StoreError if the server cannot be reached now. Further attempts follow by themselves. */
	async connect(): Promise<void> {
		await Promise.all([this.connection.connect(), this.#confirmed?.connect()]);
	}

	async close(): Promise<void> {
		this.runs.close();
		this.connection.close();
		this.#confirmed?.close();
	}
}
