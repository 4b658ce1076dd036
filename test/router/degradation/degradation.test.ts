import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import { drop, emulate, map, reject } from "../../../src/backends/rules.ts";
import { chatResponse } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, rejects, served, watched } from "../calls.ts";
import { params, request, rulesWith, withImages } from "./rules.ts";

const NO_SEEDS = rulesWith({ "params.seed": reject("the model has no seeds") });
const DROPS_SEEDS = rulesWith({ "params.seed": drop("the model has no seeds") });
const DROPPED_SEED: types.Downgrade = { field: "params.seed", effect: "dropped", detail: "the model has no seeds" };
const TEXT_ONLY = rulesWith({ "messages.content.image": reject("text only", { lenient: drop("images are left out") }) });

const SEEDED = params({ seed: 1 });

test("an instance that rejects a field gets only requests without it", async () => {
	const router = routerOf([fakeInstance("strange", { rules: NO_SEEDS }), fakeInstance("plain")]);
	assert.equal(await served(router, 3, request(SEEDED)), ["plain", "plain", "plain"]);
	assert.equal((await served(router, 2, request({}))).sort(), ["plain", "strange"]);
});

test("a request that every instance rejects fails with missing_capabilities, which names the field and the reasons", async () => {
	const router = routerOf([fakeInstance("a", { rules: NO_SEEDS }), fakeInstance("b", { rules: NO_SEEDS })]);
	const error = await rejects(router.unary(request(SEEDED), watched()));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "no backend for chat_completions accepts params.seed: the model has no seeds");
	assert.equal(error.explanation?.rejected[0], { backend: "a", reason: "degradation", detail: "params.seed: the model has no seeds" });
});

test("missing features are named beside rejected fields", async () => {
	const router = routerOf([fakeInstance("a", { rules: NO_SEEDS, features: ["supports_vision"] }), fakeInstance("b")]);
	const { requirements, ...rest } = request(SEEDED);
	const error = await rejects(
		router.unary({ ...rest, requirements: { ...requirements, required_features: ["supports_vision"] } }, watched()),
	);
	assert.is(error.message, "no backend for chat_completions offers supports_vision or accepts params.seed: the model has no seeds");
});

test("declared downgrades come back with a whole answer and with the last event of a stream", async () => {
	const router = routerOf([fakeInstance("a", { rules: DROPS_SEEDS })]);
	const { result } = await router.unary(request(SEEDED), watched());
	assert.equal(result.payload.downgrades, [DROPPED_SEED]);
	const { requirements, ...rest } = request(SEEDED);
	const streamed = { ...rest, requirements: { ...requirements, required_transports: ["server_stream" as const] } };
	const last = (await collect(router.stream(streamed, watched()))).at(-1);
	assert.equal(last?.type === "completed" && last.completed.downgrades, [DROPPED_SEED]);
});

test("an answer without differences has no downgrades", async () => {
	const router = routerOf([fakeInstance("a", { rules: DROPS_SEEDS })]);
	const { result } = await router.unary(request({}), watched());
	assert.equal(result.payload, chatResponse("a"));
});

test("downgrades that the backend reports come first, and replace the declared ones of their field", async () => {
	const reported: types.Downgrade[] = [{ field: "params.seed", effect: "changed", detail: "another seed" }];
	const rules = rulesWith({ "params.seed": drop("no seeds"), "params.top_p": emulate("as a temperature") });
	const router = routerOf([fakeInstance("a", { rules, unary: async () => chatResponse("a", { downgrades: reported }) })]);
	const { result } = await router.unary(request(params({ seed: 1, top_p: 0.5 })), watched());
	assert.equal(result.payload.downgrades, [...reported, { field: "params.top_p", effect: "emulated", detail: "as a temperature" }]);
});

test("strict passes over an instance that drops a used field, and keeps one that maps it", async () => {
	const instances = [
		fakeInstance("drops", { rules: DROPS_SEEDS }),
		fakeInstance("maps", { rules: rulesWith({ "params.seed": map("as a string") }) }),
	];
	const router = routerOf(instances, { chat: { degradation: "strict" } });
	assert.equal(await served(router, 2, request(SEEDED)), ["maps", "maps"]);
});

test("a request may ask for a stricter policy than the host's, and not for a laxer one", async () => {
	const seen: RequestEnvelope<"chat_completions">[] = [];
	const policyFor = async (host: types.Degradation, wish?: types.Degradation) => {
		const router = routerOf([fakeInstance("a", { onRequest: (each) => seen.push(each) })], { chat: { degradation: host } });
		await router.unary(request({}, wish), watched());
		return seen.pop()?.degradation ?? "declared";
	};
	assert.is(await policyFor("lenient"), "lenient");
	assert.is(await policyFor("lenient", "strict"), "strict");
	assert.is(await policyFor("strict", "lenient"), "strict");
	assert.is(await policyFor("declared", "lenient"), "declared");
});

test("the policy of a guest replaces the policy of the route, which replaces that of the router", async () => {
	const policyOf = async (options: Parameters<typeof routerOf>[1]) => {
		let policy: string | undefined;
		const router = routerOf([fakeInstance("a", { onRequest: ({ degradation }) => (policy = degradation) })], options);
		await router.unary(request({}), watched({ guest: { id: "1", name: "alice" } }));
		return policy;
	};
	const guests = { alice: { routes: new Map([["chat_completions" as const, { degradation: "lenient" as const }]]) } };
	assert.is(await policyOf({ settings: { degradation: "strict" } }), "strict");
	assert.is(await policyOf({ settings: { degradation: "strict" }, chat: { degradation: "lenient" } }), "lenient");
	assert.is(await policyOf({ chat: { degradation: "strict" }, guests }), "lenient");
});

test("lenient sends a request without the field that the instance would reject, although the feature is missing", async () => {
	const seen: RequestEnvelope<"chat_completions">[] = [];
	const router = routerOf([fakeInstance("a", { rules: TEXT_ONLY, onRequest: (each) => seen.push(each) })], {
		chat: { degradation: "lenient" },
	});
	const { requirements, ...rest } = request(withImages(1));
	const demanding = { ...rest, requirements: { ...requirements, required_features: ["supports_vision"] } };
	const { result } = await router.unary(demanding, watched());
	assert.equal(seen[0]?.payload.messages[0]?.content, [{ type: "text", text: "look" }]);
	assert.is(seen[0]?.degradation, "lenient");
	assert.equal(result.payload.downgrades, [{ field: "messages.content.image", effect: "dropped", detail: "images are left out" }]);
	const declared = await rejects(router.unary({ ...demanding, declared_features: ["supports_vision"] }, watched()));
	assert.is(declared.message, "no backend for chat_completions offers supports_vision");
});

test("the decision and the explanation hold the downgrades", async () => {
	const router = routerOf([fakeInstance("a", { rules: DROPS_SEEDS })]);
	const context = watched();
	await router.unary(request(SEEDED), context);
	assert.equal(context.decisions[0]?.explanation.downgrades, [DROPPED_SEED]);
	assert.equal(router.explain(request({}), undefined, ["params.seed"]).downgrades, [DROPPED_SEED]);
	assert.is(router.explain(request({})).downgrades, undefined);
});

test("requests that differ in their values share a candidate set", async () => {
	const router = routerOf([fakeInstance("a", { rules: DROPS_SEEDS }), fakeInstance("b", { rules: DROPS_SEEDS })]);
	const names: string[] = [];
	for (const seed of [1, 2, 3, 4]) names.push(...(await served(router, 1, request(params({ seed })))));
	assert.equal(names, ["a", "b", "a", "b"]);
});

test.run();
