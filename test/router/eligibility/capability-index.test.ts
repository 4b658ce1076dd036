import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestEnvelope, RequestSize } from "../../../generated/ir/envelope.ts";
import { CapabilityIndex } from "../../../src/router/eligibility/capability-index.ts";
import { staticRejection } from "../../../src/router/eligibility/static-rejection.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import type { RoutePolicy } from "../../../src/router/settings.ts";
import { chatEnvelope, chatRequest } from "../../helpers/chat.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routing } from "../calls.ts";
import { candidates, tableOf } from "./table.ts";

/** Names of the instances that serve chats with this model, and the precision of the match. */
function find(instances: Record<string, FakeInstanceOptions["models"]>, model: string | undefined): [string, number][] {
	const index = new CapabilityIndex(
		Object.entries(instances).map(([name, models]) => fakeInstance(name, models === undefined ? {} : { models })),
	);
	return index
		.find("chat_completions", model)
		.list()
		.map(({ instance, match }) => [instance.name, match]);
}

test("the index orders instances by exact model, pattern and any model", () => {
	const instances = { any: [], pattern: ["gpt-*"], exact: ["gpt-4"], alias: [{ name: "x", aliases: ["gpt-4"] }], other: ["claude"] };
	assert.equal(find(instances, "gpt-4"), [
		["exact", 0],
		["alias", 0],
		["pattern", 1],
		["any", 2],
	]);
});

test("the index finds instances for any model when no instance names the model", () => {
	assert.equal(find({ any: [], exact: ["gpt-4"] }, "unheard-of"), [["any", 2]]);
});

test("an instance serves a model by its own order of equally specific patterns", () => {
	const index = new CapabilityIndex([fakeInstance("a", { models: ["gpt-*"] }), fakeInstance("b", { models: ["*-gpt", "gpt-*"] })]);
	const servings = index.find("chat_completions", "gpt-gpt").list();
	assert.equal(
		servings.map(({ instance, model }) => [instance.name, model?.name]),
		[
			["a", "gpt-*"],
			["b", "*-gpt"],
		],
	);
});

test("the index finds instances with a default model, which is no pattern, when the request names none", () => {
	assert.equal(find({ any: [], pattern: ["gpt-*"], exact: ["gpt-*", "gpt-4"] }, undefined), [["exact", 0]]);
});

test("the index finds no instance when none serves the operation", () => {
	assert.equal(new CapabilityIndex([fakeInstance("a")]).find("embeddings", "m").list(), []);
});

test("the index gives models the same set when the same instances serve them", () => {
	const index = new CapabilityIndex([fakeInstance("a", { models: ["gpt-*"] }), fakeInstance("b", { models: [] })]);
	const idOf = (model: string): string => index.find("chat_completions", model).id;
	assert.is(idOf("gpt-1"), idOf("gpt-2"));
	assert.is(idOf("x"), idOf("y"));
	assert.is.not(idOf("gpt-1"), idOf("x"));
});

test("candidate sets differ when two lists differ that would be equal if joined", () => {
	const table = tableOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c")]);
	const by = (lists: Parameters<typeof routing>[0]): string[] => candidates(table, chatEnvelope({ routing: routing(lists) }));
	assert.equal(by({ denylist: ["a,b"] }), ["a", "b", "c"]);
	assert.equal(by({ denylist: ["a", "b"] }), ["c"]);
	assert.equal(by({ allowlist: ["b\nc"] }), []);
	assert.equal(by({ allowlist: ["b"], denylist: ["c"] }), ["b"]);
});

const SMALL: ModelLimits = { context_tokens: 1 };

for (const { what, models, expected } of [
	{ what: "a name wins over an alias", models: [{ name: "x", aliases: ["gpt-4"], limits: SMALL }, "gpt-4"], expected: ["i0"] },
	{ what: "the more specific pattern wins", models: [{ name: "gpt*", limits: SMALL }, "gpt-*"], expected: ["i0"] },
	{ what: "the more specific pattern wins with smaller limits", models: ["gpt*", { name: "gpt-*", limits: SMALL }], expected: [] },
]) {
	test(`candidates are chosen by the limits of the requested model: ${what}`, () => {
		const request = chatEnvelope({ payload: chatRequest({ model: "gpt-4" }), size: { input_tokens: 5 } });
		assert.equal(candidates(tableOf([fakeInstance("i0", { models })]), request), expected);
	});
}

const NAMES = ["a", "b", "gpt-4", "gpt-4o", "gpt-4o-mini"];
const SIZE = fc.integer({ min: 1, max: 20 });
const LIMITS: fc.Arbitrary<ModelLimits> = fc.record({ context_tokens: SIZE, output_tokens: SIZE, batch: SIZE }, { requiredKeys: [] });
const REQUEST_SIZE: fc.Arbitrary<RequestSize> = fc.record({ input_tokens: SIZE, output_tokens: SIZE, items: SIZE }, { requiredKeys: [] });
const MODEL = fc.record({
	name: fc.constantFrom(...NAMES, "gpt-*", "gpt-4*", "*o", "*4*", "*"),
	aliases: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
	limits: LIMITS,
});
const INSTANCE = fc.record({
	features: fc.subarray(["supports_tools", "supports_vision"] as const),
	transports: fc.subarray(["unary", "server_stream"] as const),
	operations: fc.subarray(["chat_completions", "embeddings"] as const),
	models: fc.array(MODEL, { maxLength: 3 }),
	limits: LIMITS,
	weight: fc.constantFrom(0, 1, 1, 2),
	priority: fc.constantFrom(0, 1),
});
const SOME = fc.subarray(["i0", "i1", "i2", "i3"]);
const REQUEST = fc.record({
	model: fc.option(fc.constantFrom(...NAMES, "gpt-*"), { nil: undefined }),
	features: fc.subarray(["supports_tools", "supports_vision"]),
	transports: fc.subarray(["unary", "server_stream"] as const),
	ops: fc.subarray(["embeddings"]),
	size: fc.option(REQUEST_SIZE, { nil: undefined }),
	allowlist: SOME,
	denylist: fc.oneof(fc.constant<string[]>([]), SOME),
	backend: fc.option(fc.constantFrom("i0", "i1"), { nil: undefined, freq: 10 }),
});

/** Asserts that a table finds for each request the instances without a static rejection. */
function assertFindsEligible(
	instances: readonly Instance[],
	host: RoutePolicy,
	requests: readonly RequestEnvelope<"chat_completions">[],
): void {
	const table = tableOf(instances, { routes: new Map([["chat_completions", host]]) });
	for (const request of requests) {
		const expected = instances.filter((instance) => staticRejection(instance, request, { host }) === undefined);
		assert.equal(
			candidates(table, request).sort(),
			expected.map(({ name }) => name),
		);
	}
}

test("the index finds the same instances as a look at all of them, for any request", () => {
	const lists = fc.record({ allow: fc.option(SOME, { nil: undefined }), deny: fc.oneof(fc.constant<string[]>([]), SOME) });
	const instances = fc.array(INSTANCE, { minLength: 1, maxLength: 4 });
	fc.assert(
		fc.property(instances, fc.array(REQUEST, { minLength: 1, maxLength: 6 }), lists, (specs, wanted, host) => {
			const requests = wanted.map(({ model, features, transports, ops, size, allowlist, denylist, backend }) =>
				chatEnvelope({
					payload: chatRequest(model === undefined ? {} : { model }),
					requirements: { required_ops: ops, required_features: features, required_transports: transports },
					routing: routing({ allowlist, denylist, ...(backend === undefined ? {} : { backend }) }),
					...(size === undefined ? {} : { size }),
				}),
			);
			assertFindsEligible(
				specs.map((spec, index) => fakeInstance(`i${index}`, spec)),
				host,
				requests,
			);
		}),
		{ numRuns: 400 },
	);
});

test("the index finds the same instances as a look at all of them, for any model and size", () => {
	const sized = fc.record({ model: fc.constantFrom(...NAMES), size: REQUEST_SIZE });
	const instances = fc.array(fc.array(MODEL, { maxLength: 3 }), { minLength: 1, maxLength: 3 });
	fc.assert(
		fc.property(instances, fc.array(sized, { minLength: 1, maxLength: 6 }), (offers, wanted) => {
			assertFindsEligible(
				offers.map((models, index) => fakeInstance(`i${index}`, { models })),
				{},
				wanted.map(({ model, size }) => chatEnvelope({ payload: chatRequest({ model }), size })),
			);
		}),
		{ numRuns: 400 },
	);
});

test.run();
