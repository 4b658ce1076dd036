/** The table of keys in `src/cluster/README.md`: it lists each key that hosts create, with its type. */
import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { everyCall } from "../../helpers/every-call.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";

const PAGE = readFileSync(new URL("../../../src/cluster/README.md", import.meta.url), "utf8");

/** A row: the name of a key with `<parts>`, and its type. */
const ROW = /^\| `(\{[^`]+)` \| (string|hash|zset|list|stream) \|/gm;

function patternOf(name: string): RegExp {
	const parts = name.split(/<[a-z]+>/).map((part) => part.replaceAll(/[{}]/g, "\\$&"));
	return new RegExp(`^spear:1:${parts.join("[^:{}]+")}$`);
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else
	test("the page lists each key of every room with its type, and no other one", async () => {
		await using server = await RedisServer.start();
		const redis = new Redis(server.port, "127.0.0.1");
		const store = await connectedStore(server.url);
		try {
			for (const { run } of everyCall(store)) await run();
			const rows = Array.from(PAGE.matchAll(ROW), ([, name = "", type]) => ({ name, type, pattern: patternOf(name) }));
			const unused = new Set(rows.map(({ name }) => name));
			for (const key of await redis.keys("*")) {
				const type = await redis.type(key);
				const found = rows.filter((row) => row.type === type && row.pattern.test(key));
				assert.ok(found.length > 0, `${key} (${type}) is not on the page`);
				for (const { name } of found) unused.delete(name);
			}
			assert.equal([...unused], []);
		} finally {
			await store.close();
			redis.disconnect();
		}
	});

test.run();
