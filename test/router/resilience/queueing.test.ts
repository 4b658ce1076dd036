/** Requests that wait because all candidates are busy or unavailable. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { inFlight, rejects, watched } from "../calls.ts";

/** A router with one instance that serves one request of 100 ms after another, and the requests in the order of their service. */
function busy(options: TestRouterOptions = {}, instance: FakeInstanceOptions = {}) {
	const clock = new FakeClock();
	const order: string[] = [];
	const backend = fakeInstance("a", {
		concurrency: 1,
		unary: ({ requestId }) => {
			order.push(requestId);
			return new Promise((resolve) => void clock.after(100, () => resolve(chatResponse("a"))));
		},
		...instance,
	});
	const router = routerOf([backend], { clock, ...options });
	const ask = (request_id: string, signal = new AbortController().signal) =>
		router.unary(chatEnvelope({ request_id }), watched({ signal }));
	return { clock, order, backend, router, ask };
}

test("a request waits and is served when a busy instance has room", async () => {
	const { clock, router } = busy();
	const context = watched();
	const [first, second] = [router.unary(chatEnvelope(), watched()), router.unary(chatEnvelope(), context)];
	await clock.advance(200);
	await Promise.all([first, second]);
	const { attempts, events } = context.decisions[0]?.explanation ?? {};
	assert.equal(
		attempts?.map(({ start_ms, latency_ms }) => ({ start_ms, latency_ms })),
		[{ start_ms: 100, latency_ms: 100 }],
	);
	assert.equal(events, [{ at_ms: 0, type: "queued", detail: "100 ms" }]);
});

test("pending requests are served in the order of arrival", async () => {
	const { clock, order, ask } = busy();
	const calls = ["1", "2", "3", "4"].map((id) => ask(id));
	await clock.advance(400);
	await Promise.all(calls);
	assert.equal(order, ["1", "2", "3", "4"]);
});

test("a new request does not overtake pending ones", async () => {
	const { clock, order, ask } = busy();
	const calls = [ask("1"), ask("2")];
	await clock.advance(100);
	calls.push(ask("3"));
	await clock.advance(200);
	await Promise.all(calls);
	assert.equal(order, ["1", "2", "3"]);
});

test("a request is refused at once when the queue is full", async () => {
	const { clock, ask } = busy({ settings: { maxPendingRequests: 2 } });
	const calls = ["1", "2", "3"].map((id) => ask(id));
	await settled();
	const error = await rejects(ask("4"));
	assert.equal({ code: error.code, retryable: error.retryable, now: clock.now() }, { code: "rate_limited", retryable: true, now: 0 });
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "saturated", detail: "1 requests are in flight" }]);
	await clock.advance(300);
	assert.is((await Promise.all(calls)).length, 3);
});

test("a pending request fails as retryable when the queue timeout passes", async () => {
	const { clock, ask } = busy({ settings: { queueTimeoutMs: 40 } });
	const first = ask("1");
	const second = rejects(ask("2"));
	await clock.advance(40);
	const error = await second;
	assert.equal({ code: error.code, retryable: error.retryable, now: clock.now() }, { code: "rate_limited", retryable: true, now: 40 });
	await clock.advance(60);
	await first;
});

test("a pending request ends with timeout when its deadline passes", async () => {
	const { clock, router, ask } = busy();
	const first = ask("1");
	const second = rejects(router.unary(chatEnvelope({ timeout_ms: 30 }), watched()));
	await clock.advance(30);
	assert.is((await second).code, "timeout");
	await clock.advance(70);
	await first;
});

test("a pending request ends at once when it is aborted, and the next is served", async () => {
	const { clock, order, ask } = busy();
	const abort = new AbortController();
	const [first, second, third] = [ask("1"), rejects(ask("2", abort.signal)), ask("3")];
	await settled();
	abort.abort(new SpearError("cancelled", "enough"));
	assert.is((await second).message, "enough");
	await clock.advance(200);
	await Promise.all([first, third]);
	assert.equal(order, ["1", "3"]);
});

test("a request fails at once with a time for a retry when no instance is available in time", async () => {
	const { clock, backend, ask } = busy({ settings: { queueTimeoutMs: 1_000 } }, { random: () => 0.5 });
	for (let i = 0; i < 5; i++) backend.stats.health("chat_completions").breaker.fail(false, 0);
	const error = await rejects(ask("1"));
	assert.equal(
		{ code: error.code, retryAfterMs: error.retryAfterMs, now: clock.now(), timers: clock.pending },
		{ code: "no_candidate_backend", retryAfterMs: 5_000, now: 0, timers: 0 },
	);
});

test("a request waits for a rate when that allows it in time", async () => {
	const rates = { requestsPerMinute: { amount: 60, ofOperation: false } };
	const { clock, order, ask } = busy({}, { concurrency: 100, rates });
	const calls = Array.from({ length: 61 }, (_, index) => ask(String(index)));
	await clock.advance(999);
	assert.is(order.length, 60);
	await clock.advance(1);
	assert.is(order.length, 61);
	await clock.advance(100);
	await Promise.all(calls);
});

test("a request waits when the operation's concurrency limit is reached", async () => {
	const { clock, backend, ask } = busy({}, { concurrency: 10, rates: { concurrency: 2 } });
	const calls = ["1", "2", "3"].map((id) => ask(id));
	await settled();
	assert.equal(inFlight(backend), [2]);
	await clock.advance(200);
	await Promise.all(calls);
});

test("a request waits for a busy instance instead of trying an unhealthy one early", async () => {
	const clock = new FakeClock();
	const served = (name: string) => () => new Promise<cchat.Response>((resolve) => void clock.after(100, () => resolve(chatResponse(name))));
	const busy = fakeInstance("busy", { concurrency: 1, unary: served("busy") });
	const unhealthy = fakeInstance("unhealthy", { random: () => 0.5, unary: served("unhealthy") });
	const { breaker } = unhealthy.stats.health("chat_completions");
	for (let i = 0; i < 5; i++) breaker.fail(false, 0);
	for (let i = 0; i < 3; i++) breaker.fail(breaker.begin(0), breaker.openUntil);
	clock.pass(breaker.lastResortAt);
	assert.ok(breaker.openUntil > clock.now() + 1_000);
	const router = routerOf([busy, unhealthy], { clock });
	const calls = [1, 2].map(() => router.unary(chatEnvelope(), watched()));
	await clock.advance(200);
	const answers = await Promise.all(calls);
	assert.equal(
		answers.map(({ backend }) => backend.instance),
		["busy", "busy"],
	);
});

test.run();
