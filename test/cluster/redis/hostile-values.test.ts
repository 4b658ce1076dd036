/** Values of another program at every key of every room: a call is refused with a StoreError, or leaves the value out; the other rooms go on. */
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { everyCall, type RoomCall } from "../../helpers/every-call.ts";
import { SPOILS } from "../../helpers/hostile-values.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";

/** Most bytes that the store may send for the calls of a round, whatever is stored. */
const MOST_SENT = 2 ** 21;

/** Returns the failures of a round of calls, as `<room>.<call>`. Any failure but StoreError rejects. */
async function round(calls: readonly RoomCall[]): Promise<readonly string[]> {
	const failed: string[] = [];
	for (const { room, name, run } of calls) {
		try {
			await run();
		} catch (thrown) {
			if (!(thrown instanceof StoreError)) throw thrown;
			if (thrown.reason !== "invalid_value") throw new Error(`${room}.${name}: ${thrown.reason}: ${thrown.message}`, { cause: thrown });
			failed.push(`${room}.${name}`);
		}
	}
	return failed;
}

/** Room of a key. */
function roomOf(key: string): string {
	const [, room = ""] = /^spear:1:\{([a-z-]+):/.exec(key) ?? [];
	return { media: "objects", "media-guests": "objects", content: "blocks" }[room] ?? room;
}

/** Key without what is new in each round: the random part of the identifiers of runs. */
function partOf(key: string): string {
	return key.replace(/news\.[\w-]{24}$/, "news.");
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	for (const [what, spoil] of Object.entries(SPOILS)) {
		test(`${what} at any key concerns the room of the key alone, and is not sent to hosts`, async () => {
			await using server = await RedisServer.start();
			const redis = new Redis(server.port, "127.0.0.1");
			const store = await connectedStore(server.url);
			const sent = async (): Promise<number> => Number(/total_net_output_bytes:(\d+)/.exec(await redis.info("stats"))?.[1]);
			try {
				let calls = everyCall(store);
				assert.equal(await round(calls), []);
				const rooms = new Set<string>();
				let refused = 0;
				const parts = (await redis.keys("*")).map(partOf).sort();
				for (const part of parts) {
					const key = (await redis.keys("*")).find((each) => partOf(each) === part) ?? "";
					rooms.add(roomOf(key));
					await spoil(redis, key);
					const before = await sent();
					// Backwards first: the last calls read what the first ones would replace.
					const failed = [...(await round(calls.toReversed())), ...(await round(calls))];
					assert.ok((await sent()) - before < MOST_SENT, `${key}: ${(await sent()) - before} bytes sent`);
					assert.equal(
						failed.filter((call) => !call.startsWith(`${roomOf(key)}.`)),
						[],
						key,
					);
					refused += failed.length;
					await redis.flushall();
					calls = everyCall(store);
					assert.equal(await round(calls), [], `after ${key}`);
				}
				assert.equal([...rooms].sort(), ["blocks", "hints", "limits", "members", "objects", "runs"]);
				if (what === "another type") assert.ok(refused > 20, `${refused} calls were refused`);
			} finally {
				await store.close();
				redis.disconnect();
			}
		});
	}
}

test.run();
