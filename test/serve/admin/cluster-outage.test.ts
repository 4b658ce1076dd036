/** The hosts in the admin API while their store, a real Redis, is down. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AdminError } from "../../../src/admin.ts";
import { eventually, startCluster } from "../../helpers/cluster.ts";
import { NO_REDIS } from "../../helpers/redis-server.ts";

const test = suite("hosts in the admin API without their store");

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("without the store, a host shows the hosts of the last contact, and finds the others again", async () => {
		await using cluster = await startCluster();
		const north = await cluster.start("north");
		await cluster.start("south");
		await eventually(async () => (await north.admin.cluster()).hosts.length === 2);
		await cluster.redis.kill();
		const during = await eventually(async () => {
			const answer = await north.admin.cluster();
			return answer.store?.reachable === false && answer;
		});
		assert.equal(
			during.hosts.map(({ name, state }) => [name, state]),
			[
				["north", "serving"],
				["south", "unknown"],
			],
		);
		assert.ok((during.store?.contact_at_ms ?? 0) > Date.now() - 20_000 && during.store?.fault !== undefined);
		const refused = await Array.fromAsync(north.admin.reloadCluster()).catch((thrown: unknown) => thrown);
		assert.ok(refused instanceof AdminError);
		assert.equal([refused.status, refused.code], [503, "unreachable"]);
		await cluster.redis.start();
		const after = await eventually(async () => {
			const answer = await north.admin.cluster();
			return answer.hosts.length === 2 && answer.hosts.every(({ state }) => state === "serving") && answer;
		});
		assert.is(after.store?.reachable, true);
	});
}

test.run();
