import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import { type Reason, type Restrictions, staticRejection } from "../../../src/router/eligibility/static-rejection.ts";
import { transientRejection } from "../../../src/router/eligibility/transient-rejection.ts";
import type { RoutePolicy } from "../../../src/router/settings.ts";
import { chatEnvelope, chatRequest } from "../../helpers/chat.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routing } from "../calls.ts";

/** Why instance `a` is passed over; undefined when it is not. */
function rejection(
	options: FakeInstanceOptions,
	request = chatEnvelope(),
	host: RoutePolicy = {},
	guest?: RoutePolicy,
): Reason | undefined {
	const restrictions: Restrictions = { host, guest };
	return staticRejection(fakeInstance("a", options), request, restrictions);
}

test("an instance that satisfies everything is eligible", () => {
	assert.is(rejection({}), undefined);
});

test("an instance that does not serve the operation is rejected for it", () => {
	assert.equal(rejection({ operations: ["embeddings"] }), { reason: "operation", detail: "chat_completions" });
});

test("a further required operation must be served too", () => {
	const request = chatEnvelope({ requirements: { required_ops: ["embeddings"], required_features: [], required_transports: [] } });
	assert.equal(rejection({}, request), { reason: "operation", detail: "embeddings" });
	assert.is(rejection({ operations: ["chat_completions", "embeddings"] }, request), undefined);
});

test("a missing feature is named", () => {
	const requirements = { required_ops: [], required_features: ["supports_tools", "supports_vision"], required_transports: [] };
	const request = chatEnvelope({ requirements });
	assert.equal(rejection({ features: ["supports_tools"] }, request), { reason: "feature", detail: "supports_vision" });
});

test("a missing transport is named", () => {
	const request = chatEnvelope({ requirements: { required_ops: [], required_features: [], required_transports: ["server_stream"] } });
	assert.equal(rejection({ transports: ["unary"] }, request), { reason: "transport", detail: "server_stream" });
});

test("a model the instance does not list is rejected, any model passes when it lists none", () => {
	const request = chatEnvelope({ payload: chatRequest({ model: "big" }) });
	assert.equal(rejection({ models: ["small"] }, request), { reason: "model", detail: "big" });
	assert.is(rejection({ models: [] }, request), undefined);
});

test("a model is found by its alias and by a pattern", () => {
	const request = chatEnvelope({ payload: chatRequest({ model: "big" }) });
	assert.is(rejection({ models: [{ name: "huge", aliases: ["large", "big"] }] }, request), undefined);
	assert.is(rejection({ models: ["b*"] }, request), undefined);
	assert.equal(rejection({ models: ["big*"] }, request), { reason: "model", detail: "big" });
});

test("a request without a model needs an instance with a default", () => {
	const detail = "the request names no model and this backend has no default";
	assert.equal(rejection({ models: [] }), { reason: "model", detail });
	assert.equal(rejection({ models: ["gpt-*"] }), { reason: "model", detail });
	assert.is(rejection({ models: ["gpt-*", "gpt"] }), undefined);
});

test("a request's allow list cannot widen the host's", () => {
	const request = chatEnvelope({ routing: routing({ allowlist: ["a"] }) });
	assert.equal(rejection({}, request, { allow: ["b"] }), { reason: "not_allowed", detail: "the host's allow list does not name it" });
	assert.equal(rejection({}, request, { deny: ["a"] }), { reason: "denied", detail: "the host's deny list names it" });
	assert.equal(rejection({}, request, {}, { deny: ["a"] }), { reason: "denied", detail: "this guest's deny list names it" });
});

test("a guest's lists cannot widen the host's", () => {
	assert.equal(rejection({}, chatEnvelope(), { allow: ["b"] }, { allow: ["a"] }), {
		reason: "not_allowed",
		detail: "the host's allow list does not name it",
	});
});

test("a request can narrow what the host allows", () => {
	const by = (wishes: Parameters<typeof routing>[0]) => rejection({}, chatEnvelope({ routing: routing(wishes) }), { allow: ["a"] });
	assert.equal(by({ allowlist: ["b"] }), { reason: "not_allowed", detail: "the request's allow list does not name it" });
	assert.equal(by({ denylist: ["a"] }), { reason: "denied", detail: "the request's deny list names it" });
	assert.equal(by({ backend: "b" }), { reason: "not_allowed", detail: "the request names 'b'" });
});

test("an instance of weight 0 takes no new requests, not even one that asks for it", () => {
	assert.equal(rejection({ weight: 0 }, chatEnvelope({ routing: routing({ backend: "a", preferred: ["a"] }) })), {
		reason: "denied",
		detail: "its weight is 0: it gets no new requests",
	});
});

test("the first failed constraint is the one that is told", () => {
	const request = chatEnvelope({ routing: routing({ denylist: ["a"] }) });
	assert.equal(rejection({ hasKey: false, operations: [] }, request), { reason: "denied", detail: "the request's deny list names it" });
});

for (const [limits, within, beyond, detail] of [
	[
		{ context_tokens: 100 },
		{ input_tokens: 60, output_tokens: 40 },
		{ input_tokens: 61, output_tokens: 40 },
		"context_tokens: 101 of at most 100",
	],
	[{ context_tokens: 100 }, { input_tokens: 100 }, { input_tokens: 101 }, "context_tokens: 101 of at most 100"],
	[{ output_tokens: 40 }, { output_tokens: 40 }, { output_tokens: 41 }, "output_tokens: 41 of at most 40"],
	[{ batch: 8 }, { items: 8 }, { items: 9 }, "batch: 9 of at most 8"],
	[{ characters: 500 }, { characters: 500 }, { characters: 501 }, "characters: 501 of at most 500"],
	[{ audio_seconds: 60 }, { audio_seconds: 60 }, { audio_seconds: 60.25 }, "audio_seconds: 60.3 of at most 60"],
	[{ images: 2 }, { images: 2 }, { images: 3 }, "images: 3 of at most 2"],
	[{ image_pixels: 1_048_576 }, { image_pixels: 1_048_576 }, { image_pixels: 1_572_864 }, "image_pixels: 1572864 of at most 1048576"],
] as const) {
	test(`a request beyond ${Object.keys(limits).join()} is turned away, one of unknown size is not`, () => {
		const by = (size?: RequestSize) => rejection({ limits }, chatEnvelope(size === undefined ? {} : { size }));
		assert.equal(by(beyond), { reason: "limit", detail });
		assert.equal([by(within), by({}), by(undefined)], [undefined, undefined, undefined]);
	});
}

test("a model's own limit wins over its instance's", () => {
	const models = [{ name: "long", limits: { context_tokens: 1_000 } }, "m"];
	const of = (model: string) =>
		rejection({ models, limits: { context_tokens: 10 } }, chatEnvelope({ payload: chatRequest({ model }), size: { input_tokens: 500 } }));
	assert.equal([of("long"), of("m")?.reason], [undefined, "limit"]);
});

test("of several patterns the one that says the most has the limits", () => {
	const models = [
		{ name: "gpt-*", limits: { context_tokens: 10 } },
		{ name: "gpt-4*", limits: { context_tokens: 1_000 } },
	];
	assert.is(rejection({ models }, chatEnvelope({ payload: chatRequest({ model: "gpt-4o" }), size: { input_tokens: 500 } })), undefined);
});

test("an instance without its key cannot take a request now", () => {
	assert.equal(transientRejection(fakeInstance("a", { hasKey: false }), "chat_completions", 0), { reason: "no_key" });
});

test("an instance that is full, at rest, ejected or broken cannot take a request now, and says until when", () => {
	const reasonOf = (change: (instance: ReturnType<typeof fakeInstance>) => void) => {
		const instance = fakeInstance("a", { concurrency: 1, random: () => 0.5 });
		change(instance);
		const { reason, detail } = transientRejection(instance, "chat_completions", 1_000) ?? {};
		return [reason, detail];
	};
	assert.equal(
		reasonOf(({ stats }) => stats.addInFlight("embeddings")),
		["saturated", "1 requests are in flight"],
	);
	assert.equal(
		reasonOf(({ keys }) => keys.keys[0]?.coolDown(0, 3_000)),
		["rate_limited", "its keys cool down; available in 2000 ms"],
	);
	assert.equal(
		reasonOf(({ stats }) => stats.eject(0, 3_000)),
		["unhealthy", "ejected as worse than its peers; available in 2000 ms"],
	);
	assert.equal(
		reasonOf(({ stats }) => {
			for (let i = 0; i < 5; i++) stats.breaker.fail(false, 0);
		}),
		["unhealthy", "5 failures in a row; next trial in 4000 ms"],
	);
});

test.run();
