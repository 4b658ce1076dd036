/** Two hosts whose store is full of values of another program. */
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost, type Host, SpearError } from "../../../src/index.ts";
import { GuestMedia } from "../../../src/media/guest-media.ts";
import { eventually } from "../../helpers/cluster.ts";
import { ROOT } from "../../helpers/guest.ts";
import { SPOILS } from "../../helpers/hostile-values.ts";
import { memoryLog } from "../../helpers/memory-log.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";

const AGENT = join(ROOT, "examples/cluster/agent.wasm");
const CHAT = { messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }], tool_calls: [] }], tools: [] };

/** Time in which a host renews its place among the hosts, and exchanges what it leases. */
const RENEWAL_MS = 2_200;

async function ask(host: Host): Promise<string> {
	return (await host.client({ guest: "shop" }).call("chat_completions", CHAT)).backend.instance;
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else
	test("hosts serve by their policies while every value in the store is another program's, log it, and recover", async () => {
		await using server = await RedisServer.start();
		const redis = new Redis(server.port, "127.0.0.1");
		const log = memoryLog();
		const config = (host: string): Config => ({
			cluster: { url: server.url, host, content: "plain", timeout_ms: 2_000 },
			media: { shared: "redis" },
			backends: { stub: { kind: "stub", limits: { concurrency: 8 } } },
			guests: { shop: { requests_per_second: 10_000, concurrency: 20 } },
		});
		const hosts = await Promise.all(["north", "south"].map((name) => createHost({ config: config(name), logger: log.logger })));
		const [north, south] = hosts;
		if (north === undefined || south === undefined) throw new Error("there are two hosts");
		const worker = south.work({ greeter: await south.load(AGENT, { guest: "greeter" }) });
		try {
			await (await north.submit("greeter", "")).result();
			await north.submit("greeter", "", { delayMs: 60_000 });
			const { media } = north.client({ guest: "shop" });
			if (!(media instanceof GuestMedia)) throw new Error("the media of a client are of another class");
			await media.put(Buffer.from("an object"), "text/plain");
			for (const host of hosts) assert.is(await ask(host), "stub");
			const keys = (await redis.keys("*")).sort();
			assert.ok(keys.length > 20, keys.join("\n"));
			const spoils = Object.values(SPOILS);
			for (const [index, key] of keys.entries()) await spoils[index % spoils.length]?.(redis, key);
			const until = performance.now() + RENEWAL_MS;
			while (performance.now() < until) {
				for (const host of hosts) assert.is(await ask(host), "stub");
				await setTimeout(20);
			}
			const submitted: unknown = await north.submit("greeter", "").catch((thrown: unknown) => thrown);
			if (submitted instanceof Error) assert.instance(submitted, SpearError);
			const lines = [...log.at("warn"), ...log.at("error")].map(({ message }) => message);
			for (const told of [
				"a limit in the shared store cannot be used",
				"are not exact while the shared store cannot be used",
				"the worker takes no runs",
			])
				assert.ok(
					lines.some((line) => line.includes(told)),
					`${told} is not among:\n${lines.join("\n")}`,
				);
			await redis.flushall();
			await (await north.submit("greeter", "")).result();
			await eventually(async () => (await north.cluster?.status())?.list.hosts.length === 2);
			for (const host of hosts) assert.is(await ask(host), "stub");
		} finally {
			await worker.stop();
			await Promise.all(hosts.map((host) => host.close()));
			redis.disconnect();
		}
	});

test.run();
