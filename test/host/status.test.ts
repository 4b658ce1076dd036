/** Status, overrides and activity of a host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, ConfigError, createHost, type Host, type HostActivity, type HostClient, SpearError } from "../../src/index.ts";

const QUIET = { host: { log_level: "silent" } } as const;
const TWO = { ...QUIET, backends: { a: { kind: "stub" }, b: { kind: "stub", weight: 2 } } } satisfies Config;
const QUESTION = {
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello there" }], tool_calls: [] }],
	tools: [],
};

async function withHost(config: Config, run: (host: Host) => Promise<void>): Promise<void> {
	const host = await createHost({ config, env: {} });
	try {
		await run(host);
	} finally {
		await host.close();
	}
}

const ask = (client: HostClient) => client.call("chat_completions", QUESTION);
const codeOf = (thrown: unknown): unknown => (thrown instanceof SpearError ? thrown.code : thrown);

test("the status counts requests from its first call on, with latencies and limits", () =>
	withHost(
		{
			...QUIET,
			backends: { a: { kind: "stub", limits: { requests_per_minute: 10, concurrency: 4 } } },
			guests: { shop: { requests_per_minute: 5, budget: { amount: 3, per: "day" } } },
		},
		async (host) => {
			const client = host.client({ guest: "shop" });
			await ask(client);
			assert.is(host.status().totals.requests, 0);
			await ask(client);
			const { totals, backends, guests } = host.status();
			assert.is(totals.requests, 1);
			const [backend] = backends;
			const chat = backend?.operations.find(({ operation }) => operation === "chat_completions");
			assert.equal(
				{
					health: backend?.health,
					attempts: chat?.attempts,
					failures: chat?.failures,
					errorRate: chat?.errorRate,
					recent: chat?.recentAttempts,
				},
				{ health: "healthy", attempts: 1, failures: 0, errorRate: 0, recent: 1 },
			);
			assert.ok((chat?.whole?.p50Ms ?? 0) >= 1);
			assert.equal(
				backend?.limits.map(({ kind, limit, left }) => [kind, limit, Math.floor(left ?? -1)]),
				[
					["concurrency", 4, 4],
					["requests_per_minute", 10, 8],
				],
			);
			const shop = guests.find(({ name }) => name === "shop");
			assert.equal(
				shop?.limits.map(({ kind, limit, left }) => [kind, limit, Math.floor(left ?? -1)]),
				[
					["requests_per_minute", 5, 3],
					["budget_per_day", 3, 3],
				],
			);
			const resetsAtMs = shop?.limits.at(-1)?.resetsAtMs ?? 0;
			assert.ok(resetsAtMs > Date.now() && resetsAtMs % 86_400_000 === 0);
		},
	));

test("a backend that cannot be reached is counted, loses its health, and its failures are attributed", () =>
	withHost(
		{ ...QUIET, backends: { dead: { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: ["m"] } } },
		async (host) => {
			host.status();
			const client = host.client();
			for (let i = 0; i < 6; i++) await ask(client).catch(() => undefined);
			const [backend] = host.status().backends;
			const chat = backend?.operations.find(({ operation }) => operation === "chat_completions");
			assert.is(chat?.breaker, "open");
			assert.is(chat?.available, false);
			assert.ok((chat?.breakerOpenUntilMs ?? 0) > Date.now());
			assert.is(chat?.errorRate, 1);
			assert.is(backend?.health, "unavailable");
		},
	));

test("an override is in force at once, is merged, and null returns to the configuration", () =>
	withHost(TWO, async (host) => {
		const seen: HostActivity[] = [];
		host.observe((activity) => seen.push(activity));
		assert.is(host.override("a", { enabled: false }).health, "disabled");
		assert.is(host.override("b", { weight: 7 }).weight, 7);
		assert.is(host.override("b", { draining: true }).health, "draining");
		assert.is(host.isReady(), false);
		assert.equal(await ask(host.client()).catch(codeOf), "no_candidate_backend");
		const { weight, configuredWeight, draining } = host.override("b", { draining: null, weight: null });
		assert.equal({ weight, configuredWeight, draining }, { weight: 2, configuredWeight: 2, draining: false });
		assert.is((await ask(host.client())).backend.instance, "b");
		assert.equal(
			seen.map((each) => (each.type === "override" ? [each.backend, each.before, each.after] : [each.type])),
			[
				["a", {}, { enabled: false }],
				["b", {}, { weight: 7 }],
				["b", { weight: 7 }, { draining: true, weight: 7 }],
				["decision"],
				["b", { draining: true, weight: 7 }, {}],
				["decision"],
			],
		);
	}));

test("an override survives a reload", () =>
	withHost(TWO, async (host) => {
		host.override("a", { enabled: false });
		await host.reload(TWO);
		assert.is(host.status().backends[0]?.health, "disabled");
	}));

test("a dry run tells every change and makes none", () =>
	withHost({ ...TWO, guests: { shop: { concurrency: 1 } }, routes: { chat_completions: { timeout_ms: 1_000 } } }, async (host) => {
		const next = {
			...QUIET,
			backends: { b: { kind: "stub", weight: 3 }, c: { kind: "stub" } },
			guests: { shop: { concurrency: 2 }, other: {} },
		} satisfies Config;
		const report = await host.reload(next, { dryRun: true });
		assert.equal(report.applied, false);
		assert.equal([report.added, report.removed, report.replaced, report.kept], [["c"], ["a"], [], ["b"]]);
		assert.equal(report.diff, {
			backends: { added: ["c"], removed: ["a"], changed: ["b"] },
			routes: { added: [], removed: ["chat_completions"], changed: [] },
			guests: { added: ["other"], removed: [], changed: ["shop"] },
			agents: { added: [], removed: [], changed: [] },
			clients: { added: [], removed: [], changed: [] },
		});
		assert.equal(
			host.backends().map(({ name }) => name),
			["a", "b"],
		);
		assert.is((await ask(host.client())).backend.instance.length, 1);
		const applied = await host.reload(next);
		assert.equal({ ...applied, applied: false }, report);
		assert.equal(
			host.backends().map(({ name }) => name),
			["b", "c"],
		);
	}));

test("a dry run of a faulty configuration fails as the reload would", () =>
	withHost(TWO, async (host) => {
		const faulty = { ...QUIET, backends: { b: { kind: "nothing" } } } as Config;
		const thrown: unknown = await host.reload(faulty, { dryRun: true }).catch((error: unknown) => error);
		assert.ok(thrown instanceof ConfigError);
	}));

test("a listener that throws harms neither requests nor other listeners", () =>
	withHost(TWO, async (host) => {
		let count = 0;
		host.observe(() => {
			throw new Error("broken");
		});
		const remove = host.observe(() => {
			count += 1;
		});
		await ask(host.client());
		remove();
		await ask(host.client());
		assert.is(count, 1);
	}));

test("the guests of a status are bounded, and guests without a name are one", () =>
	withHost(QUIET, async (host) => {
		host.status();
		await ask(host.client());
		for (let i = 0; i < 1_005; i++) {
			const client = host.client({ guest: `g${i}` });
			await ask(client);
			await client.close();
		}
		const { guests, totals } = host.status();
		assert.is(totals.requests, 1_006);
		assert.is(guests.length, 1_000);
		assert.is(guests.at(-1)?.name, "g1004");
	}));

test.run();
