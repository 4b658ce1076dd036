/** Restrictions of host, guest and request on the instances of a request. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { POLICIES } from "../../../src/router/load-balancing/policies/create-picker.ts";
import type { RoutePolicy } from "../../../src/router/settings.ts";
import { chatEnvelope, chatRequest, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, routing, watched } from "../calls.ts";

const ALL = ["a", "b", "c", "d", "e"];
const SOME = fc.subarray(ALL);
const LISTS: fc.Arbitrary<RoutePolicy> = fc.record({ allow: SOME, deny: SOME }, { requiredKeys: [] });
const HINT = fc.constantFrom("low", "medium", "high");
const ROUTING = fc.record(
	{
		backend: fc.constantFrom(...ALL),
		allowlist: SOME,
		denylist: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: SOME }),
		preferred: fc.shuffledSubarray(ALL),
		session_key: fc.constantFrom("s", "t"),
		region_hint: fc.constantFrom("eu", "us"),
		cost_hint: HINT,
		latency_hint: HINT,
	},
	{ requiredKeys: ["allowlist", "denylist", "preferred"] },
);
const REQUEST = fc.record({
	routing: ROUTING,
	policy: fc.option(fc.constantFrom(...POLICIES), { nil: undefined }),
	features: fc.subarray(["supports_tools"]),
	model: fc.option(fc.constantFrom("m", "other"), { nil: undefined }),
	fails: fc.boolean(),
});

function allows({ allow, deny }: RoutePolicy, name: string): boolean {
	return (allow === undefined || allow.includes(name)) && !(deny ?? []).includes(name);
}

test("every attempt goes to an instance that host, guest and request allow, for any request", async () => {
	const requests = fc.array(REQUEST, { minLength: 1, maxLength: 12 });
	await fc.assert(
		fc.asyncProperty(LISTS, LISTS, fc.constantFrom(...POLICIES), requests, async (host, own, policy, wanted) => {
			const clock = new FakeClock();
			const asked: string[] = [];
			let fails = false;
			const instances = ALL.map((name, index) =>
				fakeInstance(name, {
					region: index % 2 === 0 ? "eu" : "us",
					priority: index % 3,
					models: index === 4 ? [] : ["m"],
					features: index === 2 ? [] : ["supports_tools"],
					price: { input: index },
					unary: async () => {
						asked.push(name);
						if (fails) throw new SpearError("backend_error", "HTTP 503", { retryable: true });
						return chatResponse(name);
					},
				}),
			);
			const router = routerOf(instances, {
				clock,
				chat: { ...host, policy, requestPolicies: [...POLICIES] },
				guests: { g: { routes: new Map([["chat_completions", own]]) } },
				settings: { queueTimeoutMs: 0, maxAttempts: 5 },
			});
			for (const request of wanted) {
				asked.length = 0;
				fails = request.fails;
				const envelope = chatEnvelope({
					routing: routing(request.routing),
					requirements: { required_ops: [], required_features: request.features, required_transports: ["unary"] },
					payload: chatRequest(request.model === undefined ? {} : { model: request.model }),
					...(request.policy === undefined ? {} : { policy: request.policy }),
				});
				await router.unary(envelope, watched({ guest: { id: "1", name: "g" } })).catch(() => {});
				const { backend, allowlist, denylist } = envelope.routing;
				for (const name of asked) {
					assert.ok(allows(host, name) && allows(own, name), `${name} by ${JSON.stringify({ host, own })}`);
					assert.ok(backend === undefined || backend === name);
					assert.ok(allows({ deny: denylist, ...(allowlist.length > 0 ? { allow: allowlist } : {}) }, name));
				}
				clock.pass(1_000);
			}
		}),
		{ numRuns: 150 },
	);
});

test("a request is rejected with reasons when it names an instance that the host denies", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], { chat: { deny: ["b"] } });
	const error = await rejects(router.unary(chatEnvelope({ routing: routing({ backend: "b" }) }), watched()));
	assert.is(error.code, "no_candidate_backend");
	assert.equal(error.explanation?.rejected, [
		{ backend: "a", reason: "not_allowed", detail: "the request names 'b'" },
		{ backend: "b", reason: "denied", detail: "the host's deny list names it" },
	]);
});

test("a guest's lists restrict that guest only", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b")], {
		guests: { g: { routes: new Map([["chat_completions", { deny: ["a"] }]]) } },
	});
	const by = (name: string) => router.explain(chatEnvelope(), { id: "1", name }).eligible;
	assert.equal({ g: by("g"), other: [...by("other")].sort() }, { g: ["b"], other: ["a", "b"] });
});

test.run();
