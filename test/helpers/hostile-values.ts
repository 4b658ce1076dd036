/** Values that no host writes, for each key of a shared store. */
import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";

/** Replaces the value of a key by one of another program. */
export type Spoil = (redis: Redis, key: string) => Promise<unknown>;

/** Replaces what a key holds by values of the same type. */
function sameType(value: () => Buffer | string): Spoil {
	return async (redis, key) => {
		switch (await redis.type(key)) {
			case "hash":
				for (const field of await redis.hkeys(key)) await redis.hset(key, field, value());
				return redis.hset(key, value(), value());
			case "zset":
				await redis.zadd(key, 0, value());
				return redis.zadd(key, Date.now() + 30_000, value());
			case "list":
				return redis.lset(key, 0, value());
			case "stream":
				return redis.xadd(key, "*", value(), value());
			default:
				return redis.set(key, value(), "KEEPTTL");
		}
	};
}

const LONG = Buffer.alloc(2 ** 22, "long ");

/** Values of other programs, by a name. */
export const SPOILS: Readonly<Record<string, Spoil>> = {
	"another type": async (redis, key) => {
		const type = await redis.type(key);
		await redis.del(key);
		return type === "list" ? redis.set(key, "x") : redis.rpush(key, "x");
	},
	"another version": sameType(() => "2 another version of the form"),
	"random bytes": sameType(() => randomBytes(200)),
	"a value of 64 MiB": async (redis, key) => {
		if ((await redis.type(key)) !== "string") return sameType(() => LONG)(redis, key);
		return redis.setrange(key, 2 ** 26 - 1, "x");
	},
	"numbers out of range": sameType(() => "-1e400"),
};
