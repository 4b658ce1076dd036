/** Outages: bounds of attempts, waits and trials while instances fail. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { DEFAULT_ROUTER, type RouterSettings } from "../../../src/router/settings.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { failing, rejects, watched } from "../calls.ts";

/** A router whose instances all fail, and the number of their requests. */
function outage(count: number, options: TestRouterOptions = {}, own: Partial<RouterSettings> = {}) {
	const clock = new FakeClock();
	const asked = { times: 0 };
	const instances = Array.from({ length: count }, (_, index) =>
		failing(
			`i${index}`,
			() => {
				asked.times += 1;
				return new SpearError("backend_error", "HTTP 503", { retryable: true });
			},
			{ settings: { ...DEFAULT_ROUTER, ...own } },
		),
	);
	return { clock, asked, instances, router: routerOf(instances, { clock, ...options }) };
}

test("a request makes at most its maximum of attempts when every instance fails", async () => {
	const { clock, asked, router } = outage(10, { settings: { retryRatio: 1 } });
	const call = rejects(router.unary(chatEnvelope(), watched()));
	await clock.advance(10_000);
	assert.equal({ attempts: (await call).explanation?.attempts.length, asked: asked.times }, { attempts: 3, asked: 3 });
});

test("a request fails at once with a time for a retry when all breakers are open", async () => {
	const { clock, asked, router } = outage(4);
	for (let i = 0; i < 20; i++) await rejects(router.unary(chatEnvelope(), watched()));
	assert.is(asked.times, 4 * 5);
	const error = await rejects(router.unary(chatEnvelope(), watched()));
	assert.equal(
		{ code: error.code, retryable: error.retryable, attempts: error.explanation?.attempts, now: clock.now() },
		{ code: "no_candidate_backend", retryable: true, attempts: [], now: 0 },
	);
	assert.ok((error.retryAfterMs ?? 0) >= 4_500 && (error.retryAfterMs ?? 0) <= 5_500);
	assert.equal({ asked: asked.times, timers: clock.pending }, { asked: 20, timers: 0 });
});

test("the only instance gets a trial per first open period in a long outage", async () => {
	const { clock, asked, router } = outage(1, { settings: { queueTimeoutMs: 0 } });
	const perMinute: number[] = [];
	for (let minute = 0; minute < 4; minute++) {
		const before = asked.times;
		for (let i = 0; i < 600; i++) {
			await rejects(router.unary(chatEnvelope(), watched()));
			clock.pass(100);
		}
		perMinute.push(asked.times - before);
	}
	const trials = 60_000 / DEFAULT_ROUTER.breaker.baseOpenMs;
	assert.ok((perMinute[0] ?? 0) <= 5 + trials && perMinute.slice(1).every((times) => times >= 1 && times <= trials), perMinute.join());
});

test("retries stay within their budget when every request fails", async () => {
	const neverOpen = { breaker: { consecutiveFailures: 1_000_000, baseOpenMs: 1, maxOpenMs: 1 } };
	const { clock, asked, router } = outage(1, { settings: { retryRatio: 0.1 } }, neverOpen);
	const calls = Array.from({ length: 200 }, () => rejects(router.unary(chatEnvelope({ timeout_ms: 60_000 }), watched())));
	await clock.advance(60_000);
	const errors = await Promise.all(calls);
	assert.ok(errors.every(({ code }) => code === "backend_error"));
	// 200 requests, 10% of them, and the reserve of 10.
	assert.ok(asked.times > 200 && asked.times <= 200 + 20 + 10, `${asked.times} attempts`);
});

test("an explanation reports a used-up retry budget", async () => {
	const { router } = outage(1);
	const context = watched();
	await rejects(router.unary(chatEnvelope(), context));
	assert.equal(context.decisions[0]?.explanation.events, [{ at_ms: 0, type: "limited", detail: "the retry budget is used up" }]);
});

test("an instance gets fewer trials over time when others serve its requests", async () => {
	const clock = new FakeClock();
	let asked = 0;
	const broken = failing("a", () => {
		asked += 1;
		return new SpearError("backend_error", "HTTP 503", { retryable: true });
	});
	const router = routerOf([broken, fakeInstance("b")], { clock, random: () => 0.5 });
	const perMinute: number[] = [];
	for (let minute = 0; minute < 4; minute++) {
		const before = asked;
		for (let i = 0; i < 600; i++) {
			await router.unary(chatEnvelope(), watched());
			clock.pass(100);
		}
		perMinute.push(asked - before);
	}
	assert.ok((perMinute[0] ?? 0) <= 5 + 4 && perMinute.slice(1).every((times) => times >= 1 && times <= 2), perMinute.join());
});

test.run();
