/** Requests and tokens per minute of an instance's keys. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Rate } from "../../../src/router/instances/instance.ts";
import type { LimitStore } from "../../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, failing, rejects, served, TEXT, watched } from "../calls.ts";

const perMinute = (amount: number, ofOperation = false): Rate => ({ amount, ofOperation });
const keysOf = (...values: readonly string[]) => values.map((value) => ({ read: () => value }));

/** A router with one limited instance and without a queue, and the keys that were used. */
function limited(options: FakeInstanceOptions) {
	const clock = new FakeClock();
	const used: (string | undefined)[] = [];
	const instance = fakeInstance("a", {
		unary: async ({ apiKey }) => {
			used.push(apiKey);
			return chatResponse("a", { usage: { total_tokens: 100 } });
		},
		...options,
	});
	const store = new MemoryLimitStore(clock);
	const router = routerOf([instance], { clock, store, settings: { queueTimeoutMs: 0 } });
	const ask = (size: RequestSize = {}) => router.unary(chatEnvelope({ size }), watched());
	return { clock, used, store, router, ask };
}

test("a request is refused with a time for a retry when the instance's requests per minute are used up", async () => {
	const { clock, ask } = limited({ rates: { requestsPerMinute: perMinute(2) } });
	await ask();
	await ask();
	const error = await rejects(ask());
	assert.equal(
		{ code: error.code, retryable: error.retryable, retryAfterMs: error.retryAfterMs },
		{ code: "rate_limited", retryable: true, retryAfterMs: 30_000 },
	);
	assert.equal(error.explanation?.attempts, []);
	clock.pass(30_000);
	await ask();
});

test("each key of an instance has the whole rate", async () => {
	const { used, ask } = limited({ rates: { requestsPerMinute: perMinute(2) }, keys: { sources: keysOf("one", "two") } });
	for (let i = 0; i < 4; i++) await ask();
	await rejects(ask());
	assert.equal([...used].sort(), ["one", "one", "two", "two"]);
});

test("a request uses another key when the requests of one key are used up", async () => {
	const { used, ask } = limited({
		rates: { requestsPerMinute: perMinute(1) },
		keys: { sources: keysOf("one", "two"), policy: "random" },
		random: () => 0,
	});
	await ask();
	await ask();
	assert.equal(used, ["one", "two"]);
});

test("a request uses another key when the tokens of one key are used up", async () => {
	const { used, ask } = limited({
		rates: { tokensPerMinute: perMinute(150) },
		keys: { sources: keysOf("one", "two"), policy: "random" },
		random: () => 0,
	});
	await ask({ input_tokens: 100 });
	await ask({ input_tokens: 100 });
	assert.equal(used, ["one", "two"]);
});

test("a smaller request is served when the remaining tokens are too few for a larger one", async () => {
	const { store, ask } = limited({ rates: { tokensPerMinute: perMinute(1_000) } });
	await ask({ input_tokens: 500, output_tokens: 400 });
	assert.is(store.level("key:a/1:tokens"), 900);
	assert.is((await rejects(ask({ input_tokens: 900, output_tokens: 50 }))).code, "rate_limited");
	await ask({ input_tokens: 400, output_tokens: 50 });
});

test("a request without a bound of its output reserves 256 output tokens", async () => {
	const { ask } = limited({ rates: { tokensPerMinute: perMinute(300) } });
	await ask({ input_tokens: 40 });
	assert.is((await rejects(ask({ input_tokens: 40 }))).retryAfterMs, ((40 + 256 - 200) / 300) * 60_000);
});

test("a rate of one operation is counted separately", async () => {
	const { store, ask } = limited({ rates: { requestsPerMinute: perMinute(5, true), tokensPerMinute: perMinute(1_000) } });
	await ask({ input_tokens: 1, output_tokens: 1 });
	assert.equal(
		{ requests: store.level("key:a/1/chat_completions:requests"), tokens: store.level("key:a/1:tokens") },
		{ requests: 4, tokens: 900 },
	);
});

test("a request goes to another instance when the rate of the first is used up", async () => {
	const clock = new FakeClock();
	const instances = [fakeInstance("a", { rates: { requestsPerMinute: perMinute(1) } }), fakeInstance("b")];
	const router = routerOf(instances, { clock, chat: { policy: "priority" } });
	assert.equal(await served(router, 1), ["a"]);
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(
		{ chosen: context.decisions[0]?.chosen, events: context.decisions[0]?.explanation.events },
		{ chosen: "b", events: [{ at_ms: 0, type: "limited", backend: "a", detail: "its requests per minute are used up" }] },
	);
	assert.equal(await served(router, 2), ["b", "b"]);
	clock.pass(60_000);
	assert.equal(await served(router, 1), ["a"]);
});

test("a key's tokens, but not its request, are returned when the backend refuses the request", async () => {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const rates = { requestsPerMinute: perMinute(10), tokensPerMinute: perMinute(1_000) };
	const router = routerOf([failing("a", () => new SpearError("invalid_request", "no"), { rates })], { clock, store });
	await rejects(router.unary(chatEnvelope({ size: { input_tokens: 400, output_tokens: 100 } }), watched()));
	assert.equal({ requests: store.level("key:a/1:requests"), tokens: store.level("key:a/1:tokens") }, { requests: 9, tokens: 1_000 });
});

test("a key's tokens stay drawn when the backend may have processed the request", async () => {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const unknown = failing("a", () => new SpearError("backend_error", "cut off", { processed: "unknown" }), {
		rates: { tokensPerMinute: perMinute(1_000) },
	});
	const router = routerOf([unknown], { clock, store });
	await rejects(router.unary(chatEnvelope({ size: { input_tokens: 400, output_tokens: 100 } }), watched()));
	assert.is(store.level("key:a/1:tokens"), 500);
});

test("a key's tokens are settled by the delivered text when a stream fails after its first event", async () => {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const broken = fakeInstance("a", {
		rates: { tokensPerMinute: perMinute(1_000) },
		async *stream() {
			yield TEXT;
			throw new SpearError("backend_error", "broke", { processed: "yes" });
		},
	});
	const stream = routerOf([broken], { clock, store }).stream(chatEnvelope({ size: { input_tokens: 400, output_tokens: 100 } }), watched());
	await rejects(collect(stream));
	assert.is(store.level("key:a/1:tokens"), 599);
});

test("a request uses another key when a store refuses one without a time, and the key stays available", async () => {
	const clock = new FakeClock();
	const inner = new MemoryLimitStore(clock);
	const refusing: LimitStore = {
		reserve: (charges) =>
			charges[0]?.bucket.startsWith("key:a/2") === true
				? { granted: false, bucket: charges[0].bucket, retryAfterMs: undefined }
				: inner.reserve(charges),
	};
	const rates = { requestsPerMinute: perMinute(10) };
	const instance = fakeInstance("a", { rates, keys: { sources: keysOf("one", "two") } });
	const { backend } = await routerOf([instance], { clock, store: refusing }).unary(chatEnvelope(), watched());
	const available = instance.keys.keys.map((key) => key.unavailableUntil(clock.now()));
	assert.equal({ instance: backend.instance, available }, { instance: "a", available: [0, 0] });
});

test("a request fails and holds no lease when the limit store fails", async () => {
	const instance = fakeInstance("a", { rates: { requestsPerMinute: perMinute(1) } });
	const router = routerOf([instance], { store: { reserve: () => Promise.reject(new Error("no connection")) } });
	assert.is((await rejects(router.unary(chatEnvelope(), watched()))).code, "internal");
	assert.is(instance.stats.inFlight, 0);
});

test.run();
