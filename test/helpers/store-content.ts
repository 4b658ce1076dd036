/** Values that a server of the Redis protocol holds, and commands that the server has received. */
import type { Redis } from "ioredis";

/** Returns all keys with their values, as one text. Bytes are characters of Latin-1. */
export async function storedText(redis: Redis): Promise<string> {
	const found: Buffer[] = [];
	for (const key of await redis.keys("*")) {
		found.push(Buffer.from(key), ...(await valuesOf(redis, key)));
	}
	return found.map((bytes) => bytes.toString("latin1")).join("\n");
}

/** Records the commands of all clients, also those of scripts. `text` returns them. */
export async function monitored(redis: Redis): Promise<{ text(): string; stop(): void }> {
	const monitor = await redis.monitor();
	const commands: string[] = [];
	monitor.on("monitor", (_time: string, args: readonly string[]) => commands.push(args.join(" ")));
	return { text: () => commands.join("\n"), stop: () => monitor.disconnect() };
}

async function valuesOf(redis: Redis, key: string): Promise<Buffer[]> {
	const type = await redis.type(key);
	const read: Readonly<Record<string, () => Promise<unknown>>> = {
		string: () => redis.getBuffer(key),
		hash: () => redis.callBuffer("HGETALL", key),
		zset: () => redis.callBuffer("ZRANGE", key, 0, -1, "WITHSCORES"),
		list: () => redis.callBuffer("LRANGE", key, 0, -1),
		stream: () => redis.callBuffer("XRANGE", key, "-", "+"),
	};
	if (type === "none") return []; // The key has ended meanwhile.
	const reader = read[type];
	if (reader === undefined) throw new Error(`${key} is a ${type}`);
	return buffersIn(await reader());
}

function buffersIn(reply: unknown): Buffer[] {
	if (Array.isArray(reply)) return reply.flatMap(buffersIn);
	return Buffer.isBuffer(reply) ? [reply] : [Buffer.from(String(reply))];
}
