/** Rare combinations: reloads and closing with requests in flight, late answers, excessive requests. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { Backend } from "../../src/backends/backend.ts";
import { BackendConfigError } from "../../src/backends/backend.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { valueDocument } from "../../src/config/document.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { BackendSet } from "../../src/host/backend-set.ts";
import { SecretSources } from "../../src/host/secret-sources.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import { MemoryLimitStore } from "../../src/router/limits/memory-limit-store.ts";
import type { RoutingConfig } from "../../src/router/route-table.ts";
import { RouterState } from "../../src/router/router-state.ts";
import { DEFAULT_ROUTER } from "../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock, settled } from "../helpers/fake-clock.ts";
import { fakeInstance, NO_OPERATIONS } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { collect, rejects, routing, served, TEXT, takes, untilAborted, watched } from "./calls.ts";
import { tally } from "./load-balancing/policies/picking.ts";

const STREAM = { required_ops: [], required_features: [], required_transports: ["server_stream" as const] };

function config(instances: readonly Instance[], more: Partial<RoutingConfig> = {}): RoutingConfig {
	return { instances, routes: new Map(), guests: new Map(), settings: DEFAULT_ROUTER, ...more };
}

test("a backend stays in use until a request of the first of several configurations ends", async () => {
	const clock = new FakeClock();
	const [x, y] = [fakeInstance("x", { unary: takes(clock, 1_000, () => chatResponse("x")) }), fakeInstance("y")];
	const router = routerOf([x], { clock });
	const call = router.unary(chatEnvelope(), watched());
	await settled();
	let unused = false;
	void router.configure(config([x, y]));
	void router.configure(config([y])).then(() => {
		unused = true;
	});
	await settled();
	assert.is(unused, false);
	await clock.advance(1_000);
	await call;
	await settled();
	assert.is(unused, true);
});

test("the losing stream is cancelled when two hedges have their first event at once", async () => {
	const clock = new FakeClock();
	const gates: (() => void)[] = [];
	const returned: string[] = [];
	const streams = (name: string): Instance =>
		fakeInstance(name, {
			stream: async function* (): AsyncGenerator<cchat.Event> {
				await new Promise<void>((resolve) => gates.push(resolve));
				try {
					yield TEXT;
					yield { type: "completed", completed: chatResponse(name) };
				} finally {
					returned.push(name);
				}
			},
		});
	const router = routerOf([streams("a"), streams("b")], { clock, chat: { hedge: { attempts: 2, after: { delayMs: 10 }, ratio: 1 } } });
	const all = collect(router.stream(chatEnvelope({ requirements: STREAM }), watched()));
	await settled();
	await clock.advance(10);
	for (const open of gates) open();
	await all;
	await settled();
	assert.equal(returned.sort(), ["a", "b"]);
});

test("requests with a long list of names are balanced in turn", async () => {
	const router = routerOf(["a", "b", "c"].map((name) => fakeInstance(name)));
	const allowlist = ["a", "b", "c", ...Array.from({ length: 250 }, (_, i) => `some-other-instance-${i}`)];
	assert.is(tally(await served(router, 30, chatEnvelope({ routing: routing({ allowlist }) }))).get("a"), 10);
});

test("a request gets the instance that it waits for when 64 others wait for another one", async () => {
	const clock = new FakeClock();
	const x = fakeInstance("x", { concurrency: 1, unary: untilAborted });
	const y = fakeInstance("y", { concurrency: 1, unary: takes(clock, 100, () => chatResponse("y")) });
	const router = routerOf([x, y], { clock });
	const ask = (backend: string) => router.unary(chatEnvelope({ routing: routing({ backend }) }), watched());
	void ask("x");
	void ask("y");
	await settled();
	for (let i = 0; i < 64; i++) ask("x").catch(() => {});
	await settled();
	let at: number | undefined;
	void ask("y").then(() => {
		at = clock.now();
	});
	await clock.advance(1_000);
	assert.is(at, 200);
});

test("an instance is compared with all its peers when a guest's lists name only some", async () => {
	const clock = new FakeClock();
	const all = ["fast", "s1", "s2", "s3"].map((name) =>
		fakeInstance(name, { unary: takes(clock, name === "fast" ? 100 : 1_000, () => chatResponse(name)) }),
	);
	const router = routerOf(all, { clock });
	for (let i = 0; i < 250; i++) {
		void router.unary(chatEnvelope(), watched());
		const allowlist = ["fast", `s${1 + (i % 3)}`];
		if (i % 5 === 0) void router.unary(chatEnvelope({ routing: routing({ allowlist }) }), watched());
		await clock.advance(100);
	}
	assert.equal(
		all.filter(({ stats }) => stats.health("chat_completions").ejectedUntil(clock.now()) > 0),
		[],
	);
});

test("a key is not rejected when its value changed during the request", async () => {
	for (const error of [new SpearError("backend_error", "401", { attribution: "credentials" }), new SpearError("rate_limited", "429")]) {
		let value = "old";
		const a = fakeInstance("a", {
			keys: { sources: [{ read: () => value }] },
			unary: async () => {
				value = "new";
				throw error;
			},
		});
		await rejects(routerOf([a]).unary(chatEnvelope(), watched()));
		assert.is(a.keys.unavailableUntil(0), 0);
	}
});

test("a request fails after 64 refusals when no instance has enough tokens left", async () => {
	const all = Array.from({ length: 500 }, (_, i) =>
		fakeInstance(`i${i}`, { rates: { tokensPerMinute: { amount: 60_000, ofOperation: false } } }),
	);
	const router = routerOf(all, { settings: { queueTimeoutMs: 0 }, clock: new FakeClock() });
	for (let i = 0; i < all.length; i++) await router.unary(chatEnvelope({ size: { input_tokens: 59_000 } }), watched());
	const context = watched();
	const error = await rejects(router.unary(chatEnvelope({ size: { output_tokens: 1e9 } }), context));
	assert.is(error.code, "rate_limited");
	assert.ok((context.decisions[0]?.explanation.events.length ?? 0) <= 64);
});

test("a budget stays spent when its amount changes", async () => {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const draw = (amount: number, capacity: number) => store.reserve([{ bucket: "b", amount, capacity, perMs: 0 }]).granted;
	assert.is(draw(100, 100), true);
	assert.is(draw(2, 101), false);
	assert.is(draw(1, 101), true);
	assert.is(draw(1, 50), false);
	assert.is(draw(10, 112), true);
});

test("a router cancels the copies in flight when it is closed", async () => {
	const clock = new FakeClock();
	const copy = fakeInstance("m", { unary: untilAborted });
	const mirror = { backend: "m", ratio: 1, concurrency: 4, requestsPerMinute: 60 };
	const router = routerOf([fakeInstance("a"), copy], { clock, chat: { deny: ["m"], mirror } });
	await router.unary(chatEnvelope({ timeout_ms: 120_000 }), watched());
	await clock.advance(1);
	assert.is(copy.stats.inFlight, 1);
	router.close();
	await settled();
	assert.equal({ inFlight: copy.stats.inFlight, timers: clock.pending }, { inFlight: 0, timers: 0 });
});

test("a stream that is a trial closes the breaker when it starts", async () => {
	const clock = new FakeClock();
	let failing = true;
	const a = fakeInstance("a", {
		unary: async () => {
			if (failing) throw new SpearError("backend_error", "down");
			return chatResponse("a");
		},
		stream: async function* () {
			yield TEXT;
			await new Promise(() => {});
		},
	});
	const router = routerOf([a], { clock });
	for (let i = 0; i < 5; i++) await rejects(router.unary(chatEnvelope(), watched()));
	failing = false;
	await clock.advance(6_000);
	await router.stream(chatEnvelope({ requirements: STREAM }), watched()).next();
	assert.equal(await served(router, 1), ["a"]);
});

test("an instance has its whole share again when its key disappeared during a cooldown", async () => {
	const clock = new FakeClock();
	let value: string | undefined = "k";
	const unary = async (): Promise<never> => {
		value = undefined;
		throw new SpearError("rate_limited", "slow down");
	};
	const a = fakeInstance("a", { keys: { sources: [{ read: () => value }] }, unary });
	await rejects(routerOf([a], { clock }).unary(chatEnvelope(), watched()));
	await clock.advance(60_000);
	assert.is(a.stats.slowStartFactor("chat_completions", clock.now()), 1);
});

test("hedge budgets are separate when two configurations have different ratios", () => {
	const clock = new FakeClock();
	const state = new RouterState({ clock, random: Math.random, wallClock: () => 0, store: new MemoryLimitStore(clock) }, DEFAULT_ROUTER);
	let granted = 0;
	for (let i = 0; i < 100; i++)
		for (const ratio of [0.05, 0.04]) if (state.hedgeBudget("chat_completions", ratio).withdraw(0)) granted += 1;
	assert.is(granted, 20);
});

test("a refused configuration closes its new backends and reports every fault", async () => {
	const closed: string[] = [];
	const create = ({ name }: { name: string }): Backend => {
		if (name !== "good") throw new BackendConfigError(name, "options: wrong");
		return { operations: NO_OPERATIONS, capabilities: {}, close: async () => void closed.push(name) };
	};
	const kinds = { enabled: [{ name: "k", create }], disabled: [] };
	const backends = { good: { kind: "k" }, b: { kind: "k" }, c: { kind: "k" } };
	try {
		new BackendSet(new SecretSources({}), Math.random).prepare(readConfig(valueDocument({ backends }, "x"), kinds));
		assert.unreachable();
	} catch (thrown) {
		assert.instance(thrown, ConfigError);
		assert.is((thrown as ConfigError).faults.length, 2);
	}
	await settled();
	assert.equal(closed, ["good"]);
});

test.run();
