import { test } from "uvu";
import * as assert from "uvu/assert";
import { filterCandidates } from "../../src/router/filter.ts";
import { chatEnvelope, chatRequest } from "../helpers/chat.ts";
import { type FakeInstanceOptions, fakeInstance } from "../helpers/instances.ts";

const ROUTING = { allowlist: [], denylist: [], preferred: [] };

/** The rejection of one instance, or undefined when it is eligible. */
function rejection(options: FakeInstanceOptions, request = chatEnvelope(), policy = {}): unknown {
	const { eligible, rejected } = filterCandidates([fakeInstance("a", options)], request, policy);
	assert.is(eligible.length + rejected.length, 1);
	return rejected[0];
}

test("an instance that satisfies everything is eligible", () => {
	assert.is(rejection({}), undefined);
});

test("an instance that does not serve the operation is rejected for it", () => {
	assert.equal(rejection({ operations: ["embeddings"] }), { backend: "a", reason: "operation", detail: "chat_completions" });
});

test("a further required operation must be served too", () => {
	const request = chatEnvelope({ requirements: { required_ops: ["embeddings"], required_features: [], required_transports: [] } });
	assert.equal(rejection({}, request), { backend: "a", reason: "operation", detail: "embeddings" });
	assert.is(rejection({ operations: ["chat_completions", "embeddings"] }, request), undefined);
});

test("a missing feature is named", () => {
	const requirements = { required_ops: [], required_features: ["supports_tools", "supports_vision"], required_transports: [] };
	const request = chatEnvelope({ requirements });
	assert.equal(rejection({ features: ["supports_tools"] }, request), { backend: "a", reason: "feature", detail: "supports_vision" });
});

test("a missing transport is named", () => {
	const request = chatEnvelope({ requirements: { required_ops: [], required_features: [], required_transports: ["server_stream"] } });
	assert.equal(rejection({ transports: ["unary"] }, request), { backend: "a", reason: "transport", detail: "server_stream" });
});

test("a model the instance does not list is rejected, any model passes when it lists none", () => {
	const request = chatEnvelope({ payload: chatRequest({ model: "big" }) });
	assert.equal(rejection({ models: ["small"] }, request), { backend: "a", reason: "model", detail: "big" });
	assert.is(rejection({ models: [] }, request), undefined);
});

test("a request without a model needs an instance with a default", () => {
	assert.equal(rejection({ models: [] }), {
		backend: "a",
		reason: "model",
		detail: "the request names no model and this backend has no default",
	});
});

test("an instance without its key is rejected", () => {
	assert.equal(rejection({ hasKey: false }), { backend: "a", reason: "no_key" });
});

test("a request's allow list cannot widen the host's", () => {
	const request = chatEnvelope({ routing: { ...ROUTING, allowlist: ["a"] } });
	assert.equal(rejection({}, request, { allow: ["b"] }), {
		backend: "a",
		reason: "not_allowed",
		detail: "the host's allow list leaves it out",
	});
	assert.equal(rejection({}, request, { deny: ["a"] }), { backend: "a", reason: "denied", detail: "the host's deny list names it" });
});

test("a request can narrow what the host allows", () => {
	const narrowed = chatEnvelope({ routing: { ...ROUTING, allowlist: ["b"] } });
	assert.equal(rejection({}, narrowed, { allow: ["a"] }), {
		backend: "a",
		reason: "not_allowed",
		detail: "the request's allow list leaves it out",
	});
	const denied = chatEnvelope({ routing: { ...ROUTING, denylist: ["a"] } });
	assert.equal(rejection({}, denied), { backend: "a", reason: "denied", detail: "the request's deny list names it" });
	const other = chatEnvelope({ routing: { ...ROUTING, backend: "b" } });
	assert.equal(rejection({}, other), { backend: "a", reason: "not_allowed", detail: "the request asks for 'b'" });
});

test("the first failed constraint is the one that is told", () => {
	const request = chatEnvelope({ routing: { ...ROUTING, denylist: ["a"] } });
	assert.equal(rejection({ hasKey: false, operations: [] }, request), {
		backend: "a",
		reason: "denied",
		detail: "the request's deny list names it",
	});
});

test.run();
