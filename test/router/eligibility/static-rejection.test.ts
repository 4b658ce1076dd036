import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import { type Reason, type Restrictions, staticRejection } from "../../../src/router/eligibility/static-rejection.ts";
import { transientRejection } from "../../../src/router/eligibility/transient-rejection.ts";
import type { RoutePolicy } from "../../../src/router/settings.ts";
import { chatEnvelope, chatRequest } from "../../helpers/chat.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routing } from "../calls.ts";

/** The reason against instance `a`; undefined for none. */
function rejection(
	options: FakeInstanceOptions,
	request = chatEnvelope(),
	host: RoutePolicy = {},
	guest?: RoutePolicy,
): Reason | undefined {
	const restrictions: Restrictions = { host, guest };
	return staticRejection(fakeInstance("a", options), request, restrictions);
}

test("an instance is eligible when it satisfies every constraint", () => {
	assert.is(rejection({}), undefined);
});

test("an instance is rejected when it does not serve the operation", () => {
	assert.equal(rejection({ operations: ["embeddings"] }), { reason: "operation", detail: "chat_completions" });
});

test("an instance is rejected when it does not serve a further required operation", () => {
	const request = chatEnvelope({ requirements: { required_ops: ["embeddings"], required_features: [], required_transports: [] } });
	assert.equal(rejection({}, request), { reason: "operation", detail: "embeddings" });
	assert.is(rejection({ operations: ["chat_completions", "embeddings"] }, request), undefined);
});

test("an instance is rejected with the feature that it lacks", () => {
	const requirements = { required_ops: [], required_features: ["supports_tools", "supports_vision"], required_transports: [] };
	const request = chatEnvelope({ requirements });
	assert.equal(rejection({ features: ["supports_tools"] }, request), { reason: "feature", detail: "supports_vision" });
});

test("an instance is rejected with the transport that it lacks", () => {
	const request = chatEnvelope({ requirements: { required_ops: [], required_features: [], required_transports: ["server_stream"] } });
	assert.equal(rejection({ transports: ["unary"] }, request), { reason: "transport", detail: "server_stream" });
});

test("an instance is rejected when it lists models without the requested one", () => {
	const request = chatEnvelope({ payload: chatRequest({ model: "big" }) });
	assert.equal(rejection({ models: ["small"] }, request), { reason: "model", detail: "big" });
	assert.is(rejection({ models: [] }, request), undefined);
});

test("an instance is eligible when an alias or a pattern matches the requested model", () => {
	const request = chatEnvelope({ payload: chatRequest({ model: "big" }) });
	assert.is(rejection({ models: [{ name: "huge", aliases: ["large", "big"] }] }, request), undefined);
	assert.is(rejection({ models: ["b*"] }, request), undefined);
	assert.equal(rejection({ models: ["big*"] }, request), { reason: "model", detail: "big" });
});

test("an instance without a default model is rejected when the request names none", () => {
	const detail = "the request names no model and this backend has no default";
	assert.equal(rejection({ models: [] }), { reason: "model", detail });
	assert.equal(rejection({ models: ["gpt-*"] }), { reason: "model", detail });
	assert.is(rejection({ models: ["gpt-*", "gpt"] }), undefined);
});

test("an instance stays rejected by host and guest when the request allows it", () => {
	const request = chatEnvelope({ routing: routing({ allowlist: ["a"] }) });
	assert.equal(rejection({}, request, { allow: ["b"] }), { reason: "not_allowed", detail: "the host's allow list does not name it" });
	assert.equal(rejection({}, request, { deny: ["a"] }), { reason: "denied", detail: "the host's deny list names it" });
	assert.equal(rejection({}, request, {}, { deny: ["a"] }), { reason: "denied", detail: "this guest's deny list names it" });
});

test("an instance stays rejected by the host when the guest's list allows it", () => {
	assert.equal(rejection({}, chatEnvelope(), { allow: ["b"] }, { allow: ["a"] }), {
		reason: "not_allowed",
		detail: "the host's allow list does not name it",
	});
});

test("an instance that the host allows is rejected when the request excludes it", () => {
	const by = (lists: Parameters<typeof routing>[0]) => rejection({}, chatEnvelope({ routing: routing(lists) }), { allow: ["a"] });
	assert.equal(by({ allowlist: ["b"] }), { reason: "not_allowed", detail: "the request's allow list does not name it" });
	assert.equal(by({ denylist: ["a"] }), { reason: "denied", detail: "the request's deny list names it" });
	assert.equal(by({ backend: "b" }), { reason: "not_allowed", detail: "the request names 'b'" });
});

test("an instance of weight 0 is rejected, also when the request names it", () => {
	assert.equal(rejection({ weight: 0 }, chatEnvelope({ routing: routing({ backend: "a", preferred: ["a"] }) })), {
		reason: "denied",
		detail: "its weight is 0: it gets no new requests",
	});
});

test("an instance is rejected with its first failed constraint", () => {
	const request = chatEnvelope({ routing: routing({ denylist: ["a"] }) });
	assert.equal(rejection({ hasKey: false, operations: [] }, request), { reason: "denied", detail: "the request's deny list names it" });
});

interface SizeCase {
	readonly limits: ModelLimits;
	readonly within: RequestSize;
	readonly beyond: RequestSize;
	readonly detail: string;
}

const SIZE_CASES: readonly SizeCase[] = [
	{
		limits: { context_tokens: 100 },
		within: { input_tokens: 60, output_tokens: 40 },
		beyond: { input_tokens: 61, output_tokens: 40 },
		detail: "context_tokens: 101 of at most 100",
	},
	{
		limits: { context_tokens: 100 },
		within: { input_tokens: 100 },
		beyond: { input_tokens: 101 },
		detail: "context_tokens: 101 of at most 100",
	},
	{
		limits: { output_tokens: 40 },
		within: { output_tokens: 40 },
		beyond: { output_tokens: 41 },
		detail: "output_tokens: 41 of at most 40",
	},
	{ limits: { batch: 8 }, within: { items: 8 }, beyond: { items: 9 }, detail: "batch: 9 of at most 8" },
	{ limits: { characters: 500 }, within: { characters: 500 }, beyond: { characters: 501 }, detail: "characters: 501 of at most 500" },
	{
		limits: { audio_seconds: 60 },
		within: { audio_seconds: 60 },
		beyond: { audio_seconds: 60.25 },
		detail: "audio_seconds: 60.3 of at most 60",
	},
	{ limits: { images: 2 }, within: { images: 2 }, beyond: { images: 3 }, detail: "images: 3 of at most 2" },
	{
		limits: { image_pixels: 1_048_576 },
		within: { image_pixels: 1_048_576 },
		beyond: { image_pixels: 1_572_864 },
		detail: "image_pixels: 1572864 of at most 1048576",
	},
];

for (const { limits, within, beyond, detail } of SIZE_CASES) {
	test(`an instance is rejected when the request exceeds ${Object.keys(limits).join()}, but not when its size is unknown`, () => {
		const by = (size?: RequestSize) => rejection({ limits }, chatEnvelope(size === undefined ? {} : { size }));
		assert.equal(by(beyond), { reason: "limit", detail });
		const unknown = { within: by(within), empty: by({}), absent: by(undefined) };
		assert.equal(unknown, { within: undefined, empty: undefined, absent: undefined });
	});
}

test("a model's own limit overrides the instance's", () => {
	const models = [{ name: "long", limits: { context_tokens: 1_000 } }, "m"];
	const of = (model: string) =>
		rejection({ models, limits: { context_tokens: 10 } }, chatEnvelope({ payload: chatRequest({ model }), size: { input_tokens: 500 } }));
	assert.equal({ long: of("long"), other: of("m")?.reason }, { long: undefined, other: "limit" });
});

test("the most specific pattern decides the limits when several match", () => {
	const models = [
		{ name: "gpt-*", limits: { context_tokens: 10 } },
		{ name: "gpt-4*", limits: { context_tokens: 1_000 } },
	];
	assert.is(rejection({ models }, chatEnvelope({ payload: chatRequest({ model: "gpt-4o" }), size: { input_tokens: 500 } })), undefined);
});

test("an instance is unavailable when its key is not set", () => {
	assert.equal(transientRejection(fakeInstance("a", { hasKey: false }), "chat_completions", 0), { reason: "no_key" });
});

test("an unavailable instance reports the reason and the time when it is full, cooling down, ejected or open", () => {
	const reasonOf = (change: (instance: ReturnType<typeof fakeInstance>) => void) => {
		const instance = fakeInstance("a", { concurrency: 1, random: () => 0.5 });
		change(instance);
		return transientRejection(instance, "chat_completions", 1_000);
	};
	assert.equal(
		reasonOf(({ stats }) => stats.addInFlight("embeddings")),
		{ reason: "saturated", detail: "1 requests are in flight" },
	);
	assert.equal(
		reasonOf(({ keys }) => keys.keys[0]?.coolDown(0, 3_000)),
		{ reason: "rate_limited", detail: "its keys cool down; available in 2000 ms" },
	);
	assert.equal(
		reasonOf(({ stats }) => stats.health("chat_completions").eject(0, 3_000)),
		{ reason: "unhealthy", detail: "ejected as worse than its peers; available in 2000 ms" },
	);
	assert.equal(
		reasonOf(({ stats }) => {
			for (let i = 0; i < 5; i++) stats.health("chat_completions").breaker.fail(false, 0);
		}),
		{ reason: "unhealthy", detail: "5 failures in a row; next trial in 4000 ms" },
	);
});

test.run();
