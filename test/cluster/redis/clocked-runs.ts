import { StoreKeys } from "../../../src/cluster/redis/keys.ts";
import { loadRedis } from "../../../src/cluster/redis/load-redis.ts";
import { RedisConnection } from "../../../src/cluster/redis/redis-connection.ts";
import { RedisRuns } from "../../../src/cluster/redis/redis-runs.ts";
import { Script } from "../../../src/cluster/redis/script.ts";
import type { RedisServer } from "../../helpers/redis-server.ts";

const TIME_CALL = "redis.call('TIME')";

/** A connection whose scripts read the time from a key. Expiries of keys follow the real time. */
class ClockedConnection extends RedisConnection {
	readonly #scripts = new Map<Script, Script>();
	#nowMs = 1_800_000_000_000;

	override async run(script: Script, keys: readonly string[], args: readonly (string | number | Uint8Array)[]): Promise<unknown> {
		if (!script.text.includes(TIME_CALL)) throw new Error("the script reads no time");
		const clocked =
			this.#scripts.get(script) ?? new Script(script.name, script.text.replace(TIME_CALL, "redis.call('LRANGE', 'clock', 0, 1)"));
		this.#scripts.set(script, clocked);
		return super.run(clocked, keys, args);
	}

	/** Moves the time by `ms` milliseconds, or back. */
	async pass(ms: number): Promise<void> {
		this.#nowMs += ms;
		await this.command("DEL", "clock");
		await this.command("RPUSH", "clock", Math.floor(this.#nowMs / 1_000), (this.#nowMs % 1_000) * 1_000);
	}
}

/** A queue of runs on a real server, with a time that the test controls. */
export class ClockedRuns extends RedisRuns {
	readonly connection: ClockedConnection;

	private constructor(connection: ClockedConnection, prefix: string) {
		super({ connection, keys: new StoreKeys(prefix) });
		this.connection = connection;
	}

	static async open(server: RedisServer, prefix = "t"): Promise<ClockedRuns> {
		const access = { sentinels: undefined, user: undefined, password: undefined, ca: undefined, timeoutMs: 5_000 };
		const connection = new ClockedConnection({ url: server.url, ...access }, await loadRedis());
		await connection.connect();
		await connection.pass(0);
		return new ClockedRuns(connection, prefix);
	}

	pass(ms: number): Promise<void> {
		return this.connection.pass(ms);
	}

	[Symbol.dispose](): void {
		this.close();
		this.connection.close();
	}
}
