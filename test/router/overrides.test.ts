/** Overrides of instances at run time. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RouteExplanation } from "../../src/router/decision/explanation.ts";
import { DEFAULT_ROUTER } from "../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock, settled } from "../helpers/fake-clock.ts";
import { fakeInstance } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { rejects, routing, served, takes, watched } from "./calls.ts";
import { tally } from "./load-balancing/policies/picking.ts";

const pair = () => [fakeInstance("a"), fakeInstance("b")] as const;

test("a disabled instance gets no new requests until it is enabled, and the explanation says so", async () => {
	const router = routerOf(pair());
	router.override("a", { enabled: false });
	assert.equal(await served(router, 4), ["b", "b", "b", "b"]);
	assert.equal(router.explain(chatEnvelope()).rejected, [{ backend: "a", reason: "denied", detail: "it is disabled" }]);
	router.override("a", {});
	assert.equal(
		tally(await served(router, 4)),
		new Map([
			["a", 2],
			["b", 2],
		]),
	);
});

test("a request in flight ends at an instance that is disabled meanwhile", async () => {
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("late")) }), fakeInstance("b")], { clock });
	const call = router.unary(chatEnvelope({ routing: routing({ backend: "a" }) }), watched());
	await settled();
	router.override("a", { enabled: false });
	await clock.advance(100);
	assert.is((await call).backend.instance, "a");
});

test("a draining instance serves the sessions that it served last, and no others", async () => {
	const router = routerOf(pair());
	const session = (key: string) => chatEnvelope({ routing: routing({ session_key: key }) });
	const [home] = await served(router, 1, session("s"));
	if (home === undefined) throw new Error("no instance");
	router.override(home, { draining: true });
	const other = home === "a" ? "b" : "a";
	assert.equal(await served(router, 3, session("s")), [home, home, home]);
	assert.equal(await served(router, 3, session("t")), [other, other, other]);
	assert.equal(await served(router, 3), [other, other, other]);
	const explained: RouteExplanation = router.explain(chatEnvelope());
	assert.equal(explained.rejected, [{ backend: home, reason: "denied", detail: "it is draining: it serves its own sessions only" }]);
});

test("a session moves from an instance that is disabled", async () => {
	const router = routerOf(pair());
	const session = chatEnvelope({ routing: routing({ session_key: "s" }) });
	const [home = ""] = await served(router, 1, session);
	router.override(home, { enabled: false });
	assert.not.ok((await served(router, 3, session)).includes(home));
});

test("the last instance still serves its session while it drains", async () => {
	const router = routerOf([fakeInstance("a")]);
	const session = chatEnvelope({ routing: routing({ session_key: "s" }) });
	await served(router, 1, session);
	router.override("a", { draining: true });
	assert.equal(await served(router, 2, session), ["a", "a"]);
	assert.is((await rejects(router.unary(chatEnvelope(), watched()))).code, "no_candidate_backend");
});

test("a weight replaces that of the configuration", async () => {
	const router = routerOf(pair(), { chat: { policy: "weighted_round_robin" } });
	router.override("a", { weight: 3 });
	assert.equal(
		tally(await served(router, 20)),
		new Map([
			["a", 15],
			["b", 5],
		]),
	);
	assert.equal(
		router.instances.map(({ weight }) => weight),
		[3, 1],
	);
});

test("an override survives a reload, and ends with its instance", async () => {
	const [a, b] = pair();
	const router = routerOf([a, b]);
	const config = { routes: new Map(), guests: new Map(), settings: DEFAULT_ROUTER };
	router.override("a", { enabled: false });
	void router.configure({ ...config, instances: [a, b] });
	assert.equal(await served(router, 2), ["b", "b"]);
	void router.configure({ ...config, instances: [b] });
	void router.configure({ ...config, instances: [a] });
	assert.equal(await served(router, 2), ["a", "a"]);
});

test("an override of an unknown instance, and a weight that is none, are refused", () => {
	const router = routerOf(pair());
	for (const [name, weight, message] of [
		["c", 1, "there is no backend 'c'"],
		["a", -1, "weight: it must be a number from 0 to 1000000"],
		["a", Number.NaN, "weight: it must be a number from 0 to 1000000"],
		["a", Number.POSITIVE_INFINITY, "weight: it must be a number from 0 to 1000000"],
	] as const) {
		assert.throws(
			() => router.override(name, { weight }),
			(error: Error) => error.message === message,
		);
	}
});

test("whatever the overrides, a disabled instance gets nothing, and a draining one only its sessions", async () => {
	const names = ["a", "b", "c"];
	const override = fc.record({
		name: fc.constantFrom(...names),
		enabled: fc.boolean(),
		draining: fc.boolean(),
		weight: fc.constantFrom(0, 1, 5),
	});
	const request = fc.record({ session: fc.option(fc.constantFrom("s", "t"), { nil: undefined }) });
	const policies = ["round_robin", "weighted_round_robin", "weighted_random", "least_inflight", "ewma_latency", "priority"] as const;
	await fc.assert(
		fc.asyncProperty(fc.constantFrom(...policies), fc.array(fc.oneof(override, request), { maxLength: 40 }), async (policy, steps) => {
			const router = routerOf(
				names.map((name) => fakeInstance(name)),
				{ chat: { policy } },
			);
			const state = new Map<string, { enabled: boolean; draining: boolean; weight: number }>();
			const homes = new Map<string, string>();
			for (const step of steps) {
				if ("name" in step) {
					const { name, ...settings } = step;
					router.override(name, settings);
					state.set(name, settings);
					continue;
				}
				const key = step.session === undefined ? {} : { session_key: step.session };
				const outcome = await router.unary(chatEnvelope({ routing: routing(key) }), watched()).then(
					({ backend }) => backend.instance,
					() => undefined,
				);
				const usable = names.filter((name) => {
					const { enabled = true, draining = false, weight = 1 } = state.get(name) ?? {};
					return enabled && weight > 0 && (!draining || (step.session !== undefined && homes.get(step.session) === name));
				});
				assert.is(outcome === undefined, usable.length === 0);
				if (outcome === undefined) continue;
				assert.ok(usable.includes(outcome), `${outcome} of ${usable}`);
				if (step.session !== undefined) homes.set(step.session, outcome);
			}
		}),
		{ numRuns: 60 },
	);
});

test.run();
