/** Which policy a request gets, and how affinity, hints and wishes bend it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as types from "../../../generated/ir/types.ts";
import type { RouteSettings } from "../../../src/router/settings.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, routing, served, watched } from "../calls.ts";
import { load } from "./policies/picking.ts";

/** The policy that a request is served by. */
function policyOf(route: RouteSettings | undefined, more: Parameters<typeof chatEnvelope>[0], guest?: RouteSettings): string {
	const router = routerOf([fakeInstance("a")], {
		routes: new Map(route === undefined ? [] : [["chat_completions", route]]),
		...(guest === undefined ? {} : { guests: { g: { routes: new Map([["chat_completions", guest]]) } } }),
	});
	return router.explain(chatEnvelope(more), { id: "g", name: "g" }).policy;
}

test("an operation has a policy of its own unless the host says otherwise", () => {
	assert.is(policyOf(undefined, {}), "ewma_latency");
	assert.is(policyOf({ policy: "priority" }, {}), "priority");
	assert.is(policyOf({ policy: "priority" }, {}, { policy: "weighted_random" }), "weighted_random");
});

test("a request may ask for a policy that the host lets it choose, and for the one it would get", () => {
	const route: RouteSettings = { policy: "priority", requestPolicies: ["least_inflight"] };
	assert.is(policyOf(route, { policy: "least_inflight" }), "least_inflight");
	assert.is(policyOf(route, { policy: "priority" }), "priority");
});

test("a policy that the host does not let it choose is not permitted, and nobody is asked", async () => {
	const router = routerOf([fakeInstance("a")], { chat: { policy: "priority", requestPolicies: ["least_inflight", "weighted_random"] } });
	const error = await rejects(router.unary(chatEnvelope({ policy: "round_robin" }), watched()));
	assert.is(error.code, "not_permitted");
	assert.is(
		error.message,
		"options.policy: 'round_robin' may not be chosen for chat_completions; the host allows least_inflight, weighted_random",
	);
	const strict = routerOf([fakeInstance("a")], { chat: { policy: "priority" } });
	assert.match(
		(await rejects(strict.unary(chatEnvelope({ policy: "round_robin" }), watched()))).message,
		"the host allows no other policy",
	);
});

test("a guest may be left fewer policies to choose from than others", () => {
	assert.throws(() => policyOf({ requestPolicies: ["priority"] }, { policy: "priority" }, { requestPolicies: [] }), /may not be chosen/);
});

test("a wish for little latency changes a policy that only spreads the load, unless the host insists on it", () => {
	const low = { routing: routing({ latency_hint: "low" }) };
	assert.is(policyOf({ policy: "least_inflight", requestPolicies: ["ewma_latency"] }, low), "ewma_latency");
	assert.is(policyOf({ policy: "least_inflight" }, low), "least_inflight");
	assert.is(policyOf({ policy: "consistent_hash", requestPolicies: ["ewma_latency"] }, low), "consistent_hash");
	assert.is(policyOf({ policy: "least_inflight", requestPolicies: ["ewma_latency"] }, {}), "least_inflight");
	const speech = { ...chatEnvelope(low), operation: "speech_to_text" as const, payload: { audio: [] } };
	const router = routerOf([fakeInstance("a", { operations: ["speech_to_text"] })], { routes: new Map() });
	assert.is(router.explain(speech).policy, "ewma_latency");
});

const session = (session_key: string, more: Partial<types.Routing> = {}) => chatEnvelope({ routing: routing({ session_key, ...more }) });

test("requests of one session stay with the instance that served the last", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c")], { clock: new FakeClock() });
	assert.equal(await served(router, 1, session("x")), ["a"]);
	assert.equal(await served(router, 1, session("y")), ["b"]);
	assert.equal(await served(router, 3, session("x")), ["a", "a", "a"]);
	assert.equal(await served(router, 2, session("y")), ["b", "b"]);
});

test("sessions of different guests are different sessions", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")]);
	const as = async (id: string) => (await router.unary(session("x"), watched({ guest: { id } }))).backend.instance;
	assert.equal([await as("one"), await as("two"), await as("one"), await as("two")], ["a", "b", "a", "b"]);
});

test("a session whose instance cannot take it moves, and stays where it moved", async () => {
	const clock = new FakeClock();
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { clock });
	assert.equal(await served(router, 1, session("x")), ["a"]);
	a.stats.eject(0, 1_000);
	assert.equal(await served(router, 1, session("x")), ["b"]);
	clock.pass(60_000);
	assert.equal(await served(router, 2, session("x")), ["b", "b"]);
});

test("a session does not stay with an instance that is loaded far more than others", async () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { chat: { policy: "least_inflight" } });
	const [home] = await served(router, 1, session("x"));
	load(home === "a" ? a : b, 10);
	assert.equal(await served(router, 1, session("x")), [home === "a" ? "b" : "a"]);
});

test("a session is forgotten after ten minutes", async () => {
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], { clock });
	assert.equal(await served(router, 2, session("x")), ["a", "a"]);
	clock.pass(600_000);
	assert.equal(await served(router, 1, session("x")), ["b"]);
});

test("an old friend does not outweigh the operator's priorities", async () => {
	const clock = new FakeClock();
	const [first, second] = [fakeInstance("first", { priority: 0 }), fakeInstance("second", { priority: 1 })];
	const router = routerOf([first, second], { clock });
	first.stats.eject(0, 1_000);
	assert.equal(await served(router, 1, session("x")), ["second"]);
	clock.pass(60_000);
	assert.equal(await served(router, 1, session("x")), ["first"]);
});

test("what a request prefers comes before its session", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")]);
	await served(router, 1, session("x"));
	assert.equal(await served(router, 1, session("x", { preferred: ["b"] })), ["b"]);
});

test("without affinity a session is like any request", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], { chat: { affinity: false } });
	assert.equal(await served(router, 4, session("x")), ["a", "b", "a", "b"]);
});

test("by consistent hash the session key decides, then the task, then each request by itself", async () => {
	const instances = Array.from({ length: 8 }, (_, index) => fakeInstance(`i${index}`));
	const router = routerOf(instances, { chat: { policy: "consistent_hash" } });
	const homes = async (more: (index: number) => Parameters<typeof chatEnvelope>[0]): Promise<number> => {
		const names: string[] = [];
		for (let i = 0; i < 20; i++) names.push(...(await served(router, 1, chatEnvelope({ request_id: `r${i}`, ...more(i) }))));
		return new Set(names).size;
	};
	assert.is(await homes((i) => ({ routing: routing({ session_key: "x" }), task_id: `t${i}` })), 1);
	assert.is(await homes(() => ({ task_id: "t" })), 1);
	assert.ok((await homes(() => ({}))) > 4);
});

test.run();
