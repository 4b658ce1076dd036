/** Limits of hosts with one `[cluster]`. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost, SpearError } from "../../../src/index.ts";
import { memoryLog } from "../../helpers/memory-log.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";

const CHAT = { messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }], tool_calls: [] }], tools: [] };

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("two hosts grant a limit of a guest once, and name it in the refusal", async () => {
		await using server = await RedisServer.start();
		const config: Config = {
			cluster: { url: server.url, timeout_ms: 5_000 },
			backends: { stub: { kind: "stub", limits: { concurrency: 2 } } },
			guests: { shop: { requests_per_minute: 12, concurrency: 3 } },
		};
		const hosts = await Promise.all([createHost({ config }), createHost({ config })]);
		const clients = hosts.map((host) => host.client({ guest: "shop" }));
		const outcomes: string[] = [];
		for (let i = 0; i < 20; i++) {
			const call = clients[i % 2]?.call("chat_completions", CHAT);
			outcomes.push(
				await Promise.resolve(call).then(
					() => "served",
					(thrown: unknown) => SpearError.from(thrown).message,
				),
			);
		}
		await Promise.all(hosts.map((host) => host.close()));
		const served = outcomes.filter((outcome) => outcome === "served").length;
		assert.ok(served >= 10 && served <= 13, `${served} served`);
		assert.ok(
			outcomes
				.filter((outcome) => outcome !== "served")
				.every((outcome) => outcome.includes("requests per minute of this guest are used up")),
		);
	});

	test("a host whose store is gone serves by its policy, and logs it once for each unit", async () => {
		const { logger, at } = memoryLog();
		const config: Config = {
			cluster: { url: "redis://127.0.0.1:1", timeout_ms: 100, unreachable: { money: "refuse" } },
			backends: { stub: { kind: "stub", limits: { concurrency: 4 } } },
			guests: { "*": { requests_per_second: 1_000, requests_per_minute: 1_000 } },
		};
		const host = await createHost({ config, logger });
		for (let i = 0; i < 3; i++) await host.client().call("chat_completions", CHAT);
		const logged = at("warn").map(({ message }) => message);
		await host.close();
		const inexact = logged.filter((message) => message.includes("are not exact"));
		assert.equal(inexact.map((message) => message.split(" are ")[0]).sort(), ["limits of concurrency", "limits of requests"]);
		assert.match(inexact[0] ?? "", "the whole limit, because it does not know of other hosts");
	});
}

test.run();
