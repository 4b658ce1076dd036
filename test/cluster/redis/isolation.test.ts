/** Two deployments with different prefixes on one server. */
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { eventually } from "../../helpers/cluster.ts";
import { everyCall } from "../../helpers/every-call.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { openHint } from "../conformance/hints.ts";
import { slice } from "../conformance/limits.ts";
import { NEWS } from "../conformance/runs.ts";

const ID = "a".repeat(32);
const INSTANCE = "b".repeat(16);
const USE = { host: "north", leaseMs: 60_000 };

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else
	test("a deployment finds nothing of another one in any room, and is told nothing", async () => {
		await using server = await RedisServer.start();
		const redis = new Redis(server.port, "127.0.0.1");
		const one = await connectedStore(server.url, "one");
		const other = await connectedStore(server.url, "other");
		const { limits, hints, members, objects, blocks, runs } = other;
		const heard: string[] = [];
		try {
			hints.subscribe(({ backend }) => heard.push(`hint on ${backend}`));
			limits.onPlaces((name) => heard.push(name));
			members.onMessage(INSTANCE, () => heard.push("a message"));
			runs.onChange(({ type }) => heard.push(type));
			await eventually(async () => (await redis.pubsub("CHANNELS", "other:*")).length === 4);
			for (const { run } of everyCall(one)) await run();
			const stored = await redis.keys("*");
			assert.ok(stored.length > 30 && stored.every((key) => key.startsWith("one:1:{")), stored.join("\n"));

			assert.equal(await hints.present(), { hints: [], refused: 0 });
			const { members: hosts, refused } = await members.list();
			assert.equal([hosts, refused, await members.receive(INSTANCE)], [[], [], []]);
			assert.ok(await members.hold("d".repeat(16), 1_000));
			const [budget] = await limits.exchange("north", [slice({ owner: "guest:alice", bucket: "guest:alice:money" })]);
			if (budget === undefined || budget instanceof StoreError) throw budget ?? new Error("there is no answer");
			assert.equal([budget.level, budget.hosts], [100, 1]);
			const place = { name: "instance:a", owner: "instance:a", limit: 1, target: 1, isWaiting: false };
			assert.equal(await limits.exchangePlaces("east", [place]), [{ held: 1, hosts: 1, isContended: false }]);
			assert.equal(
				[await objects.find("alice", ID, USE), await objects.usedBy("alice"), await objects.takeDue(10, 1_000)],
				[undefined, 0, []],
			);
			assert.is(await blocks.read(ID, 0, 1_000), undefined);
			assert.equal(await runs.take("north", [NEWS], 10, 60_000), []);
			const [counts] = await runs.counts(["news"]);
			assert.equal(counts, { waiting: 0, running: 0, poisoned: 0, oldestMs: 0 });
			const known = await one.runs.list("news", { most: 10 });
			assert.is(known.length, 4);
			for (const { id } of known) {
				const found = [await runs.status(id), await runs.events(id, "", 1_000), await runs.cancel(id), await runs.retry(id)];
				assert.equal(found, [undefined, undefined, undefined, false]);
			}
			// Channels keep their order: what was told before is there now.
			await hints.publish("north", [openHint({ backend: "own" })]);
			await eventually(async () => heard.includes("hint on own"));
			assert.equal(heard, ["hint on own"]);
		} finally {
			await Promise.all([one.close(), other.close()]);
			redis.disconnect();
		}
	});

test.run();
