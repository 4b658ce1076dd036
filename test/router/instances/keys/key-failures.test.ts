/** Failures of requests with several keys of one instance. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { KeyFailure } from "../../../../src/router/instances/keys/key-failure.ts";
import type { KeyPoolOptions } from "../../../../src/router/instances/keys/key-pool.ts";
import { chatEnvelope, chatResponse } from "../../../helpers/chat.ts";
import { FakeClock } from "../../../helpers/fake-clock.ts";
import { fakeInstance } from "../../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../../helpers/router.ts";
import { failing, outcomes, rejects, served, watched } from "../../calls.ts";

const rejected = (): SpearError => new SpearError("backend_error", "HTTP 401", { attribution: "credentials" });

/** A router with one instance and two keys, some of which fail, and the keys in the order of their use. */
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

test("a request retries with another key of the instance when one is rejected", async () => {
	const { used, router } = keyed({ two: rejected });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend, failure, key, role }) => ({ backend, failure, key, role })),
		[
			{ backend: "a", failure: "backend_error", key: 2, role: "first" },
			{ backend: "a", failure: undefined, key: 1, role: "retry" },
		],
	);
	assert.equal(context.decisions[0]?.explanation.events, [{ at_ms: 0, type: "key_rejected", backend: "a" }]);
	await served(router, 3);
	assert.equal(used, ["two", "one", "one", "one", "one"]);
});

test("a rejected key does not count against its instance", async () => {
	const { instance, router } = keyed({ one: rejected, two: rejected });
	await rejects(router.unary(chatEnvelope(), watched()));
	assert.is(instance.stats.health("chat_completions").breaker.failures, 0);
});

test("an instance is unavailable when all its keys are rejected", async () => {
	const { used, router } = keyed({ one: rejected, two: rejected });
	await rejects(router.unary(chatEnvelope(), watched()));
	const error = await rejects(router.unary(chatEnvelope(), watched()));
	assert.is(error.code, "no_candidate_backend");
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "no_key", detail: "the upstream rejected every key that is set" }]);
	assert.equal(used, ["two", "one"]);
});

test("a rejected key is used again when its value changes", async () => {
	const { clock, values, used, router } = keyed({ one: rejected, two: rejected });
	await rejects(router.unary(chatEnvelope(), watched()));
	values[1] = "sk-secret-three";
	clock.pass(1_000);
	await served(router, 1);
	assert.equal(used, ["two", "one", "three"]);
});

test("a rate-limited key is not used for Retry-After, and the others are", async () => {
	const { clock, used, router } = keyed({ two: () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 5_000 }) });
	await served(router, 3);
	assert.equal(used, ["two", "one", "one", "one"]);
	clock.pass(5_000);
	await served(router, 2);
	assert.ok(used.slice(4).includes("two"));
});

test("a 5xx does not affect the key", async () => {
	const { used, instance, router } = keyed({ two: () => new SpearError("backend_error", "HTTP 500") });
	for (let i = 0; i < 4; i++) await router.unary(chatEnvelope(), watched()).catch(() => {});
	assert.equal(used, ["two", "one", "two", "one"]);
	assert.equal(
		instance.keys.keys.map((key) => key.unavailableUntil(0)),
		[0, 0],
	);
});

test("a request falls back to another instance when the only key is rejected", async () => {
	const clock = new FakeClock();
	const router = routerOf([failing("a", rejected), fakeInstance("b")], { clock, chat: { policy: "priority" } });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(outcomes(context.decisions[0]?.attempts), [
		["a", "backend_error"],
		["b", undefined],
	]);
});

test("a request falls back to another instance when one without keys is rejected", async () => {
	const clock = new FakeClock();
	const router = routerOf([failing("a", rejected, { keys: { sources: [] } }), fakeInstance("b")], { clock, chat: { policy: "priority" } });
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(outcomes(context.decisions[0]?.attempts), [
		["a", "backend_error"],
		["b", undefined],
	]);
});

test("no key value is in errors, decisions and explanations, for any failure", async () => {
	const failures = [rejected, () => new SpearError("rate_limited", "HTTP 429"), () => new SpearError("backend_error", "HTTP 500")];
	for (const one of failures) {
		for (const two of failures) {
			const { router } = keyed({ one, two }, { settings: { queueTimeoutMs: 0, decisionLog: { ratio: 1, capacity: 10 } } });
			const context = watched();
			const error = await rejects(router.unary(chatEnvelope(), context));
			const visible = JSON.stringify([error, error.explanation, context.decisions, router.decisions, router.explain(chatEnvelope())]);
			assert.ok(visible.length > 500);
			assert.not.match(visible, /secret/);
		}
	}
});

/** Sources with the names of environment variables. `undefined` is a variable that is not set. */
function named(values: Readonly<Record<string, string | undefined>>): Partial<KeyPoolOptions> {
	return { sources: Object.entries(values).map(([name, value]) => ({ name, read: () => value })) };
}

test("the error of a rejected key names the key in its cause and nowhere else", async () => {
	const { router } = keyed({ one: rejected }, {}, named({ MAIN_KEY: "sk-secret-one" }));
	const error = await rejects(router.unary(chatEnvelope(), watched()));
	assert.instance(error.cause, KeyFailure);
	assert.match(String(error.cause), "MAIN_KEY of backend a was refused by the upstream");
	assert.not.match(JSON.stringify(error.toRecord()), "MAIN_KEY");
});

test("the error of an exhausted pool names the state of each key in its cause and nowhere else", async () => {
	const limited = () => new SpearError("rate_limited", "slow down", { retryAfterMs: 5_000 });
	const pool = named({ FIRST: "sk-secret-one", SECOND: "sk-secret-two", THIRD: undefined });
	const { router } = keyed({ one: rejected, two: limited }, { chat: { maxAttempts: 3 } }, pool);
	const context = watched();
	await rejects(router.unary(chatEnvelope(), context));
	const error = await rejects(router.unary(chatEnvelope(), context));
	assert.is(
		error.cause instanceof KeyFailure && error.cause.message,
		"backend a has no usable key: FIRST was rejected by the upstream, SECOND cools down, THIRD is not set",
	);
	assert.not.match(JSON.stringify(error.toRecord()), /FIRST|SECOND|THIRD/);
	assert.equal(
		context.decisions[0]?.outcomes.map(({ backend, key, error: failure }) => [backend, key, failure?.code]),
		[
			["a", "SECOND", "rate_limited"],
			["a", "FIRST", "backend_error"],
		],
	);
});

test("a failure of an instance that needs no key names none", async () => {
	const instance = fakeInstance("a", {
		keys: { sources: [] },
		unary: async () => {
			throw new SpearError("rate_limited", "slow down");
		},
	});
	const error = await rejects(routerOf([instance]).unary(chatEnvelope(), watched()));
	assert.is(error.cause, undefined);
});

test.run();
