/** Four whole hosts over a real Redis: a dead backend costs all of them little more than one host. */
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../../src/host/create-host.ts";
import type { Host } from "../../../src/host/host.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";

const CHAT = {
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }], tool_calls: [] }],
	tools: [],
};

/** Returns a port on which nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}

function hostOf(url: string, prefix: string, host: string, deadPort: number): Promise<Host> {
	return createHost({
		config: {
			host: { log_level: "silent" },
			cluster: { url, prefix, host },
			routes: { chat_completions: { policy: "round_robin" } },
			backends: {
				dead: { kind: "openai-compatible", base_url: `http://127.0.0.1:${deadPort}/v1`, models: [{ name: "m" }] },
				good: { kind: "stub", models: [{ name: "m" }] },
			},
		},
	});
}

/** Returns the failed attempts of so many hosts, each with 50 requests per second for almost a second. */
async function failuresOf(
	count: number,
	url: string,
	prefix: string,
	deadPort: number,
): Promise<{ failed: number; hosts: readonly Host[] }> {
	const hosts = await Promise.all(Array.from({ length: count }, (_, index) => hostOf(url, prefix, `host-${index}`, deadPort)));
	await setTimeout(100);
	const calls: Promise<number>[] = [];
	for (let turn = 0; turn < 45; turn++) {
		for (const host of hosts)
			calls.push(
				host
					.client()
					.call("chat_completions", { ...CHAT, model: "m" })
					.then(({ backend }) => backend.attempts.filter(({ backend: name, failure }) => name === "dead" && failure !== undefined).length),
			);
		await setTimeout(20);
	}
	const failed = (await Promise.all(calls)).reduce((sum, each) => sum + each, 0);
	return { failed, hosts };
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else
	test("a dead backend costs four hosts at most 1.5 times the failed requests of one, and no request of a caller fails", async () => {
		await using server = await RedisServer.start();
		const deadPort = await closedPort();
		const one = await failuresOf(1, server.url, "one", deadPort);
		await Promise.all(one.hosts.map((host) => host.close()));
		const four = await failuresOf(4, server.url, "four", deadPort);
		try {
			assert.is(one.failed, 5);
			assert.ok(four.failed <= 1.5 * one.failed, `${four.failed} failures of four hosts, ${one.failed} of one`);
			const reasons = four.hosts.map(
				(host) =>
					host.explain({ operation: "chat_completions", model: "m" }).rejected.find(({ backend }) => backend === "dead")?.detail ?? "",
			);
			assert.ok(
				reasons.some((reason) => /^(?:opened by hints|suspected): hosts? host-\d[ ,]/.test(reason)),
				reasons.join("\n"),
			);
		} finally {
			await Promise.all(four.hosts.map((host) => host.close()));
		}
	});

test.run();
