/** The policy of a request, and the effect of hints, preferences and session affinity. */
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

/** The policy of a request. */
function policyOf(route: RouteSettings | undefined, more: Parameters<typeof chatEnvelope>[0], guest?: RouteSettings): string {
	const router = routerOf([fakeInstance("a")], {
		routes: new Map(route === undefined ? [] : [["chat_completions", route]]),
		...(guest === undefined ? {} : { guests: { g: { routes: new Map([["chat_completions", guest]]) } } }),
	});
	return router.explain(chatEnvelope(more), { id: "g", name: "g" }).policy;
}

test("an operation has its default policy when neither host nor guest sets one", () => {
	assert.is(policyOf(undefined, {}), "ewma_latency");
	assert.is(policyOf({ policy: "priority" }, {}), "priority");
	assert.is(policyOf({ policy: "priority" }, {}, { policy: "weighted_random" }), "weighted_random");
});

test("a request gets the policy that it asks for when the host allows it", () => {
	const route: RouteSettings = { policy: "priority", requestPolicies: ["least_inflight"] };
	assert.is(policyOf(route, { policy: "least_inflight" }), "least_inflight");
	assert.is(policyOf(route, { policy: "priority" }), "priority");
});

test("a request is not permitted when it asks for a policy that the host does not allow", async () => {
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

test("a guest's list of policies replaces the host's", () => {
	assert.throws(() => policyOf({ requestPolicies: ["priority"] }, { policy: "priority" }, { requestPolicies: [] }), /may not be chosen/);
});

test("a low latency hint selects ewma latency when the policy only spreads load and the host allows it", () => {
	const low = { routing: routing({ latency_hint: "low" }) };
	assert.is(policyOf({ policy: "least_inflight", requestPolicies: ["ewma_latency"] }, low), "ewma_latency");
	assert.is(policyOf({ policy: "least_inflight" }, low), "least_inflight");
	assert.is(policyOf({ policy: "consistent_hash", requestPolicies: ["ewma_latency"] }, low), "consistent_hash");
	assert.is(policyOf({ policy: "least_inflight", requestPolicies: ["ewma_latency"] }, {}), "least_inflight");
	assert.is(policyOf({}, low, { policy: "weighted_random" }), "weighted_random");
	const speech = { ...chatEnvelope(low), operation: "speech_to_text" as const, payload: { audio: [] } };
	const router = routerOf([fakeInstance("a", { operations: ["speech_to_text"] })], { routes: new Map() });
	assert.is(router.explain(speech).policy, "ewma_latency");
});

const session = (session_key: string, more: Partial<types.Routing> = {}) => chatEnvelope({ routing: routing({ session_key, ...more }) });

test("a session stays at the instance that served it last", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c")], { clock: new FakeClock() });
	assert.equal(await served(router, 1, session("x")), ["a"]);
	assert.equal(await served(router, 1, session("y")), ["b"]);
	assert.equal(await served(router, 3, session("x")), ["a", "a", "a"]);
	assert.equal(await served(router, 2, session("y")), ["b", "b"]);
});

test("sessions of different guests are separate when their keys are equal", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")]);
	const as = async (id: string) => (await router.unary(session("x"), watched({ guest: { id } }))).backend.instance;
	const first = { one: await as("one"), two: await as("two") };
	const second = { one: await as("one"), two: await as("two") };
	assert.equal({ first, second }, { first: { one: "a", two: "b" }, second: { one: "a", two: "b" } });
});

test("a session stays at its new instance when the old one was unavailable", async () => {
	const clock = new FakeClock();
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { clock });
	assert.equal(await served(router, 1, session("x")), ["a"]);
	a.stats.health("chat_completions").eject(0, 1_000);
	assert.equal(await served(router, 1, session("x")), ["b"]);
	clock.pass(60_000);
	assert.equal(await served(router, 2, session("x")), ["b", "b"]);
});

test("a session leaves its instance when that is loaded far above the average", async () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const router = routerOf([a, b], { chat: { policy: "least_inflight" } });
	const [home] = await served(router, 1, session("x"));
	load(home === "a" ? a : b, 10);
	assert.equal(await served(router, 1, session("x")), [home === "a" ? "b" : "a"]);
});

test("a session is forgotten after 10 minutes", async () => {
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], { clock });
	assert.equal(await served(router, 2, session("x")), ["a", "a"]);
	clock.pass(600_000);
	assert.equal(await served(router, 1, session("x")), ["b"]);
});

test("a session returns to the preferred tier when that is available again", async () => {
	const clock = new FakeClock();
	const [first, second] = [fakeInstance("first", { priority: 0 }), fakeInstance("second", { priority: 1 })];
	const router = routerOf([first, second], { clock });
	first.stats.health("chat_completions").eject(0, 1_000);
	assert.equal(await served(router, 1, session("x")), ["second"]);
	clock.pass(60_000);
	assert.equal(await served(router, 1, session("x")), ["first"]);
});

test("a request's preferred instance overrides its session", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")]);
	await served(router, 1, session("x"));
	assert.equal(await served(router, 1, session("x", { preferred: ["b"] })), ["b"]);
});

test("a session has no effect when affinity is off", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], { chat: { affinity: false } });
	assert.equal(await served(router, 4, session("x")), ["a", "b", "a", "b"]);
});

test("consistent hash returns a session to its own instance when that is available again", async () => {
	const clock = new FakeClock();
	const instances = ["a", "b", "c"].map((name) => fakeInstance(name));
	const router = routerOf(instances, { clock, chat: { policy: "consistent_hash" } });
	const [home] = await served(router, 1, session("x"));
	instances
		.find(({ name }) => name === home)
		?.stats.health("chat_completions")
		.eject(0, 1_000);
	const [other] = await served(router, 1, session("x"));
	assert.is.not(other, home);
	clock.pass(60_000);
	assert.equal(await served(router, 1, session("x")), [home]);
});

test("consistent hash uses the session key, then the task id, then the request id", async () => {
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
