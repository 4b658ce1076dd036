/** Leases of several hosts over a real server. */

import { test } from "uvu";
import * as assert from "uvu/assert";
import { largestSecond, load } from "../../../scripts/cluster-bench/load.ts";
import { LeasedLimits } from "../../../src/cluster/leases/leased-limits.ts";
import type { PolicyChange } from "../../../src/cluster/leases/unreachable-policy.ts";
import { systemClock } from "../../../src/time/clock.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";

const LOCAL = "local_share";

/** Starts a host that leases limits. */
async function hostAt(url: string, host: string) {
	const store = await connectedStore(url, "t", { timeoutMs: 5_000 });
	const changes: PolicyChange[] = [];
	const limits = new LeasedLimits({
		host,
		room: store.limits,
		connection: store.connection,
		clock: systemClock,
		policies: () => ({ requests: LOCAL, tokens: LOCAL, money: LOCAL, concurrency: LOCAL }),
		onPolicy: (change) => changes.push(change),
		onFault: () => {},
	});
	const close = async (): Promise<void> => {
		await limits.close();
		await store.close();
	};
	return { store, limits, changes, [Symbol.asyncDispose]: close };
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("four hosts under twice the load grant a rate and a budget of tokens, and no more", async () => {
		await using server = await RedisServer.start();
		const hosts = await Promise.all(Array.from({ length: 4 }, (_, index) => hostAt(server.url, `h${index}`)));
		try {
			const durationMs = 1_500;
			const startAtMs = Date.now() + 50;
			const rate = { bucket: "guest:g:requests:second", capacity: 100, perMs: 1, unit: "requests" } as const;
			const budget = { bucket: "guest:g:tokens:day", capacity: 30_000, perMs: 0, forgetAfterMs: 60_000, unit: "tokens" } as const;
			const outcomes = await Promise.all(
				hosts.map(async ({ limits }) =>
					Promise.all([
						load(limits, { charge: rate, amounts: [1], perSecond: 500, durationMs, startAtMs }),
						load(limits, { charge: budget, amounts: [40, 160, 400, 200], perSecond: 50, durationMs, startAtMs }),
					]),
				),
			);
			const [requests, tokens] = [0, 1].map((index) => outcomes.flatMap((each) => each[index] ?? []));
			const sum = (of: typeof requests = []): number => of.reduce((total, { granted }) => total + granted, 0);
			const loadedMs = Date.now() - startAtMs;
			assert.ok(sum(requests) <= 100 + loadedMs && sum(requests) > 1_200, `${sum(requests)} requests in ${loadedMs} ms`);
			assert.ok(largestSecond(requests ?? []) <= 1_200, `${largestSecond(requests ?? [])} requests in one second`);
			assert.ok(sum(tokens) <= 30_000 && sum(tokens) >= 29_000, `${sum(tokens)} tokens`);
		} finally {
			for (const host of hosts) await host[Symbol.asyncDispose]();
		}
	});

	test("a server that was restarted without its data makes limits exact again, with what was spent meanwhile", async () => {
		await using server = await RedisServer.start();
		await using host = await hostAt(server.url, "a");
		const budget = { bucket: "guest:g:money:day", amount: 1, capacity: 100, perMs: 0, forgetAfterMs: 60_000, unit: "money" } as const;
		await host.limits.reserve([budget]);
		const changed = (reachable: boolean) =>
			new Promise<void>((resolve) => host.store.connection.onChange((state) => state.reachable === reachable && resolve()));
		const lost = changed(false);
		await server.kill();
		await lost;
		for (let i = 0; i < 30; i++) assert.is((await host.limits.reserve([budget])).granted, true);
		const back = changed(true);
		await server.start();
		await back;
		while (host.changes.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
		assert.equal(
			host.changes.map(({ unit, policy, hosts }) => [unit, policy, hosts]),
			[
				["money", "local_share", 1],
				["money", undefined, 1],
			],
		);
		// The new server never knew of the slice that was granted before.
		const level = host.limits.level(budget.bucket) ?? Number.NaN;
		assert.ok(level >= 70 && level < 85, `${level}`);
	});

	test("a server without memory for writes counts as unreachable, and one that has some again does not", async () => {
		await using server = await RedisServer.start({ args: ["--maxmemory", "1", "--maxmemory-policy", "noeviction"] });
		await using host = await hostAt(server.url, "a");
		const rate = { bucket: "guest:g:requests", amount: 1, capacity: 100, perMs: 0.1, unit: "requests" } as const;
		assert.is((await host.limits.reserve([rate])).granted, true);
		assert.match(host.changes[0]?.fault ?? "", "OOM");
		await server.command("CONFIG SET maxmemory 0");
		while (host.changes.length < 2) {
			await host.limits.reserve([rate]);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		assert.is(host.changes[1]?.policy, undefined);
	});
}

test.run();
