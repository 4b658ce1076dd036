import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../../src/index.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { assertResumes, bodyOf, emittingAgent, ended, failure, submit, submitted } from "../../helpers/run-requests.ts";
import { served } from "../../helpers/served.ts";

const test = suite<{ component: string }>("submitted runs over several hosts");

test.before(async (context) => {
	context.component = await emittingAgent();
});

if (NO_REDIS === undefined) {
	const configOf = (url: string, component: string, cluster: object = {}): Config => ({
		agents: { clerk: { component } },
		cluster: { url, content: "plain", ...cluster },
	});

	test("a run that one host accepts is run by another, and its events are read on a third", async ({ component }) => {
		await using redis = await RedisServer.start();
		const config = configOf(redis.url, component);
		const [front, reader] = [await served(config), await served(config)];
		const worker = await served(config, {}, { worker: true });
		await assertResumes(front, reader.url, await submitted(front.url, { input: "emit" }));
		for (const each of [front, reader, worker]) await each.close();
	});

	test("contents in the store are sealed, and a server with another secret cannot read them", async ({ component }) => {
		await using redis = await RedisServer.start();
		const config = configOf(redis.url, component, { content: "sealed", content_key_env: "SECRET" });
		const at = await served(config, { SECRET: "s".repeat(32) }, { worker: true });
		const run = await submitted(at.url, { input: "a plain secret" });
		assert.is((await ended(at.url, run)).output, "a plain secret");
		const other = await served(config, { SECRET: "t".repeat(32) });
		assert.equal(await failure(await fetch(other.url + run.status_url)), [500, "internal"]);
		for (const each of [at, other]) await each.close();
	});

	test("without content in [cluster], a submission is refused with what to set", async ({ component }) => {
		await using redis = await RedisServer.start();
		const at = await served(configOf(redis.url, component, { content: "none" }));
		const response = await submit(at.url, { input: "" });
		const { error } = await bodyOf(response);
		assert.equal([response.status, error?.code], [403, "not_permitted"]);
		assert.match(error?.message ?? "", /^runs: .*content = "sealed" with content_key_env in \[cluster\]/);
		await at.close();
	});

	test("a submission while the store is gone is answered with 503, and works when the store is back", async ({ component }) => {
		await using redis = await RedisServer.start();
		const at = await served(configOf(redis.url, component, { timeout_ms: 200 }), {}, { worker: true });
		await redis.kill();
		const refused = await submit(at.url, { input: "" });
		assert.is(refused.headers.get("retry-after"), "1");
		assert.equal(await failure(refused), [503, "store_unavailable"]);
		await redis.start();
		let response = await submit(at.url, { input: "again" });
		while (response.status === 503) response = await submit(at.url, { input: "again" });
		assert.is((await ended(at.url, await bodyOf(response))).output, "again");
		await at.close();
	});
} else test.skip(`runs over several hosts: ${NO_REDIS}`, () => {});

test.run();
