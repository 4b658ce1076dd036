import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { testRuns } from "../conformance/runs.ts";
import { checkRunsModel } from "../conformance/runs-property.ts";
import { ClockedRuns } from "./clocked-runs.ts";

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	const server = await RedisServer.start();
	test.after(() => server[Symbol.asyncDispose]());
	let deployments = 0;
	testRuns(async () => {
		deployments += 1;
		const store = await connectedStore(server.url, `t${deployments}`, { timeoutMs: 2_000 });
		return { runs: store.runs, pass: (ms) => pause(ms + 1), [Symbol.asyncDispose]: () => store.close() };
	});

	test("random commands on the queue have the results of a model without indexes", async () => {
		using runs = await ClockedRuns.open(server);
		let count = 0;
		await checkRunsModel(async () => {
			count += 1;
			await runs.connection.command("FLUSHALL");
			await runs.pass(0);
			return { runs, pass: (ms) => runs.pass(ms), close: async () => {} };
		}, 15);
		assert.ok(count >= 15);
	});
}

test.run();
