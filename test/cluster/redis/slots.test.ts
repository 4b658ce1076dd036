/** A cluster of servers: all keys of a call are in one slot. */
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StoreKeys } from "../../../src/cluster/redis/keys.ts";
import { everyCall } from "../../helpers/every-call.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";

/** The part of a key up to its owner. */
function ownerOf(key: string): string {
	return key.slice(0, key.indexOf("}") + 1);
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	const server = await RedisServer.start({ args: ["--cluster-enabled", "yes"] });
	const redis = new Redis(server.port, "127.0.0.1");
	test.before(async () => {
		await redis.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
		while (!String(await redis.call("CLUSTER", "INFO")).includes("cluster_state:ok"));
	});
	test.after(async () => {
		redis.disconnect();
		await server[Symbol.asyncDispose]();
	});
	const slotsOf = (keys: readonly string[]) => Promise.all(keys.map((key) => redis.call("CLUSTER", "KEYSLOT", key)));

	test("a server of a cluster accepts every call of every room, and the keys of an owner have one slot", async () => {
		// The server has all slots, and refuses keys of two slots all the same.
		const crossing: unknown = await redis.call("MGET", "a", "b").catch((error: unknown) => error);
		assert.match(String(crossing), "CROSSSLOT");
		const store = await connectedStore(server.url);
		try {
			for (const { run } of everyCall(store)) await run();
		} finally {
			await store.close();
		}
		const slots: [string, number][] = [];
		for (const [owner, keys] of Map.groupBy(await redis.keys("*"), ownerOf)) slots.push([owner, new Set(await slotsOf(keys)).size]);
		assert.equal(slots.sort(), [
			[`spear:1:{content:${"a".repeat(32)}}`, 1],
			["spear:1:{hints:all}", 1],
			["spear:1:{limits:guest%3Aalice}", 1],
			["spear:1:{limits:instance%3Aa}", 1],
			["spear:1:{media-guests:all}", 1],
			["spear:1:{media:alice}", 1],
			["spear:1:{members:all}", 1],
			["spear:1:{runs:news}", 1],
		]);
	});

	test("braces in a name neither end nor begin a hash tag", async () => {
		const names = new StoreKeys("spear");
		const owners = ["a}b", "{a", "a{}:b", "}"];
		for (const owner of owners) {
			const [one, other] = await slotsOf([names.key("room", owner, "x}"), names.key("room", owner, "{y}z")]);
			assert.is(one, other, owner);
		}
		assert.is(new Set(owners.map((owner) => ownerOf(names.key("room", owner)))).size, owners.length);
	});
}

test.run();
