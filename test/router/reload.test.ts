/** Reloads while requests are in flight. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import type { RoutingConfig } from "../../src/router/route-table.ts";
import { DEFAULT_ROUTER, type RouteSettings } from "../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock, settled } from "../helpers/fake-clock.ts";
import { fakeInstance } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { collect, inFlight, rejects, served, TEXT, takes, watched } from "./calls.ts";
import { tally } from "./load-balancing/policies/picking.ts";

function config(instances: readonly Instance[], chat: RouteSettings = {}, more: Partial<RoutingConfig> = {}): RoutingConfig {
	return {
		instances,
		routes: new Map([["chat_completions", { policy: "weighted_round_robin", ...chat }]]),
		guests: new Map(),
		settings: DEFAULT_ROUTER,
		...more,
	};
}

/** The same instance with another configuration and the same statistics. */
const changed = (instance: Instance, more: Partial<Instance>): Instance => ({ ...instance, ...more });

test("new weights apply to the next decision after a reload", async () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { chat: { policy: "weighted_round_robin" } });
	assert.equal(
		tally(await served(router, 20)),
		new Map([
			["a", 10],
			["b", 10],
		]),
	);
	void router.configure(config([changed(a, { weight: 3 }), b]));
	assert.equal(
		tally(await served(router, 20)),
		new Map([
			["a", 15],
			["b", 5],
		]),
	);
	void router.configure(config([changed(a, { weight: 0 }), b]));
	assert.equal(tally(await served(router, 5)), new Map([["b", 5]]));
});

test("a request ends at its instance when a reload removes that", async () => {
	const clock = new FakeClock();
	const slow = fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) });
	const router = routerOf([slow], { clock });
	const context = watched();
	const call = router.unary(chatEnvelope(), context);
	await settled();
	void router.configure(config([fakeInstance("b")]));
	assert.equal(await served(router, 2), ["b", "b"]);
	await clock.advance(100);
	assert.is((await call).backend.instance, "a");
	assert.equal({ inFlight: inFlight(slow), eligible: context.decisions[0]?.explanation.eligible }, { inFlight: [0], eligible: ["a"] });
});

test("a stream continues to its end when a reload removes its instance", async () => {
	const streaming = fakeInstance("a", {
		async *stream() {
			yield TEXT;
			yield TEXT;
			yield { type: "completed", completed: chatResponse("a") };
		},
	});
	const router = routerOf([streaming]);
	const stream = router.stream(chatEnvelope(), watched());
	await stream.next();
	void router.configure(config([fakeInstance("b")]));
	assert.is((await collect(stream)).length, 2);
	assert.equal(inFlight(streaming), [0]);
});

test("a request falls back within its first configuration when a reload happens before its failure", async () => {
	const clock = new FakeClock();
	const down = takes(clock, 50, () => {
		throw new SpearError("backend_error", "down");
	});
	const router = routerOf([fakeInstance("a", { unary: down }), fakeInstance("b")], { clock });
	const call = router.unary(chatEnvelope(), watched());
	await settled();
	void router.configure(config([fakeInstance("c")]));
	await clock.advance(50);
	assert.is((await call).backend.instance, "b");
});

test("a reload completes when the last request of the earlier configuration ends", async () => {
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) })], { clock });
	const call = router.unary(chatEnvelope(), watched());
	await settled();
	let done = false;
	void router.configure(config([fakeInstance("b")])).then(() => {
		done = true;
	});
	await clock.advance(99);
	assert.is(done, false);
	await clock.advance(1);
	await call;
	assert.is(done, true);
});

test("a reload completes at once when no request is in flight", async () => {
	await routerOf([fakeInstance("a")]).configure(config([fakeInstance("b")]));
});

test("an instance keeps its health after a reload", async () => {
	const clock = new FakeClock();
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { clock });
	for (let i = 0; i < 5; i++) a.stats.health("chat_completions").breaker.fail(false, clock.now());
	void router.configure(config([changed(a, { weight: 5 }), b]));
	assert.equal(await served(router, 3), ["b", "b", "b"]);
	assert.equal(
		router.explain(chatEnvelope()).rejected.map(({ reason }) => reason),
		["unhealthy"],
	);
});

test("a guest's requests in flight stay counted after a reload", async () => {
	const clock = new FakeClock();
	const slow = fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) });
	const router = routerOf([slow], { clock, guests: { "*": { concurrency: 1, routes: new Map() } } });
	const guest = { id: "1" };
	const call = router.unary(chatEnvelope(), watched({ guest }));
	await settled();
	void router.configure(config([slow], {}, { guests: new Map([["*", { concurrency: 1, routes: new Map() }]]) }));
	assert.is((await rejects(router.unary(chatEnvelope(), watched({ guest })))).code, "rate_limited");
	await clock.advance(100);
	await call;
	const next = router.unary(chatEnvelope(), watched({ guest }));
	await clock.advance(100);
	await next;
});

test("a session stays at its instance after a reload", async () => {
	const instances = [fakeInstance("a"), fakeInstance("b"), fakeInstance("c")];
	const router = routerOf(instances);
	const request = chatEnvelope({ routing: { allowlist: [], denylist: [], preferred: [], session_key: "x" } });
	const [home] = await served(router, 1, request);
	void router.configure(config(instances.toReversed(), { policy: "round_robin" }));
	assert.equal(await served(router, 3, request), [home, home, home]);
});

test("new deny lists apply to the next decision after a reload", async () => {
	const instances = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf(instances);
	await served(router, 4);
	void router.configure(config(instances, { deny: ["a"] }));
	assert.equal(await served(router, 3), ["b", "b", "b"]);
});

test("a pending request is served by its first configuration after a reload", async () => {
	const clock = new FakeClock();
	const busy = fakeInstance("a", { concurrency: 1, unary: takes(clock, 100, () => chatResponse("a")) });
	const router = routerOf([busy], { clock });
	const calls = [router.unary(chatEnvelope(), watched()), router.unary(chatEnvelope(), watched())];
	await settled();
	void router.configure(config([fakeInstance("b")]));
	await clock.advance(200);
	assert.equal(
		(await Promise.all(calls)).map(({ backend }) => backend.instance),
		["a", "a"],
	);
});

test.run();
