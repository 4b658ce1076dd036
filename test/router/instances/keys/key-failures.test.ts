/** Several keys of one instance: what a refusal, a 429 and a 5xx mean for each, and that no value of one is ever told. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import type { KeyPoolOptions } from "../../../../src/router/instances/keys/key-pool.ts";
import { chatEnvelope, chatResponse } from "../../../helpers/chat.ts";
import { FakeClock } from "../../../helpers/fake-clock.ts";
import { fakeInstance } from "../../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../../helpers/router.ts";
import { failing, outcomes, rejects, served, watched } from "../../calls.ts";

const refused = (): SpearError => new SpearError("backend_error", "HTTP 401", { attribution: "credentials" });

/** A router of one instance with two keys, of which some are answered by a failure, and the keys in the order they were used. */
function keyed(failures: Record<string, () => SpearError>, options: TestRouterOptions = {}, pool: Partial<KeyPoolOptions> = {}) {
	const clock = new FakeClock();
	const values = ["sk-secret-one", "sk-secret-two"];
	const used: (string | undefined)[] = [];
	const instance = fakeInstance("a", {
		keys: { sources: values.map((_, index) => ({ read: () => values[index] })), ...pool },
		unary: async ({ apiKey }) => {
			used.push(apiKey?.replace("sk-secret-", ""));
			const failure = failures[apiKey?.replace("sk-secret-", "") ?? ""];
			if (failure !== undefined) throw failure();
			return chatResponse("a");
		},
	});
	const router = routerOf([instance], { clock, settings: { queueTimeoutMs: 0 }, ...options });
	return { clock, values, used, instance, router };
}

test("a key that is refused is left aside, and the request goes on with another of the same instance", async () => {
	const { used, router } = keyed({ two: refused });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend, failure, key, role }) => [backend, failure, key, role]),
		[
			["a", "backend_error", 2, "first"],
			["a", undefined, 1, "retry"],
		],
	);
	assert.equal(context.decisions[0]?.explanation.events, [{ at_ms: 0, type: "key_rejected", backend: "a" }]);
	await served(router, 3);
	assert.equal(used, ["two", "one", "one", "one", "one"]);
});

test("a refused key does not count against its instance", async () => {
	const { instance, router } = keyed({ one: refused, two: refused });
	await rejects(router.unary(chatEnvelope(), watched()));
	assert.is(instance.stats.breaker.failures, 0);
});

test("when every key was refused the instance is out for want of one", async () => {
	const { used, router } = keyed({ one: refused, two: refused });
	await rejects(router.unary(chatEnvelope(), watched()));
	const error = await rejects(router.unary(chatEnvelope(), watched()));
	assert.is(error.code, "no_candidate_backend");
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "no_key", detail: "the upstream rejected every key that is set" }]);
	assert.equal(used, ["two", "one"]);
});

test("a key with another value is tried again at once", async () => {
	const { clock, values, used, router } = keyed({ one: refused, two: refused });
	await rejects(router.unary(chatEnvelope(), watched()));
	values[1] = "sk-secret-three";
	clock.pass(1_000);
	await served(router, 1);
	assert.equal(used, ["two", "one", "three"]);
});

test("a key that is rate limited rests for Retry-After, and the others go on", async () => {
	const { clock, used, router } = keyed({ two: () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 5_000 }) });
	await served(router, 3);
	assert.equal(used, ["two", "one", "one", "one"]);
	clock.pass(5_000);
	await served(router, 2);
	assert.ok(used.slice(4).includes("two"));
});

test("a 5xx leaves the key alone", async () => {
	const { used, instance, router } = keyed({ two: () => new SpearError("backend_error", "HTTP 500") });
	for (let i = 0; i < 4; i++) await router.unary(chatEnvelope(), watched()).catch(() => {});
	assert.equal(used, ["two", "one", "two", "one"]);
	assert.equal(
		instance.keys.keys.map((key) => key.unavailableUntil(0)),
		[0, 0],
	);
});

test("an instance whose only key is refused gives way to another instance", async () => {
	const clock = new FakeClock();
	const router = routerOf([failing("a", refused), fakeInstance("b")], { clock, chat: { policy: "priority" } });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(outcomes(context.decisions[0]?.attempts), [
		["a", "backend_error"],
		["b", undefined],
	]);
});

test("an instance that needs no key and is refused all the same gives way to another instance", async () => {
	const clock = new FakeClock();
	const router = routerOf([failing("a", refused, { keys: { sources: [] } }), fakeInstance("b")], { clock, chat: { policy: "priority" } });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(outcomes(context.decisions[0]?.attempts), [
		["a", "backend_error"],
		["b", undefined],
	]);
});

test("whatever becomes of a request, no key's value is in what anybody is told", async () => {
	const failures = [refused, () => new SpearError("rate_limited", "HTTP 429"), () => new SpearError("backend_error", "HTTP 500")];
	for (const one of failures) {
		for (const two of failures) {
			const { router } = keyed({ one, two }, { settings: { queueTimeoutMs: 0, decisionLog: { ratio: 1, capacity: 10 } } });
			const context = watched();
			const error = await rejects(router.unary(chatEnvelope(), context));
			const told = JSON.stringify([error, error.explanation, context.decisions, router.decisions, router.explain(chatEnvelope())]);
			assert.ok(told.length > 500);
			assert.not.match(told, /secret/);
		}
	}
});

test.run();
