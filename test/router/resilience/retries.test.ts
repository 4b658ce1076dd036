/** Retries at the same instance after a pause, when no other is available. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as img from "../../../generated/ir/img.ts";
import type { Processed } from "../../../src/errors/code-defaults.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { failing, imageEnvelope, outcomes, rejects, serving, watched } from "../calls.ts";

const RETRIES: TestRouterOptions = { settings: { retryRatio: 1 }, random: () => 0.5 };

/** An instance that fails with these errors, then answers. */
function recovering(...failures: readonly SpearError[]): Instance {
	const remaining = [...failures];
	return fakeInstance("a", {
		unary: async () => {
			const failure = remaining.shift();
			if (failure !== undefined) throw failure;
			return chatResponse("a");
		},
	});
}

const retryable = (): SpearError => new SpearError("backend_error", "HTTP 503", { retryable: true });

test("a request is retried at the same instance after a pause when the failure is retryable", async () => {
	const clock = new FakeClock();
	const context = watched();
	const call = routerOf([recovering(retryable(), retryable())], { ...RETRIES, clock }).unary(chatEnvelope(), context);
	await clock.advance(300);
	assert.is((await call).backend.instance, "a");
	const { attempts, events } = context.decisions[0]?.explanation ?? {};
	// Half of 200 ms, then half of 400.
	assert.equal(
		attempts?.map(({ role, start_ms }) => ({ role, start_ms })),
		[
			{ role: "first", start_ms: 0 },
			{ role: "retry", start_ms: 100 },
			{ role: "retry", start_ms: 300 },
		],
	);
	assert.equal(events, [
		{ at_ms: 0, type: "backed_off", detail: "100 ms before the next attempt" },
		{ at_ms: 100, type: "backed_off", detail: "200 ms before the next attempt" },
	]);
});

test("a request is not retried when the failure is not retryable", async () => {
	const clock = new FakeClock();
	const failure = new SpearError("backend_error", "HTTP 501", { retryable: false });
	const error = await rejects(routerOf([recovering(failure)], { ...RETRIES, clock }).unary(chatEnvelope(), watched()));
	assert.equal({ message: error.message, attempts: error.explanation?.attempts.length }, { message: "HTTP 501", attempts: 1 });
});

test("a used-up retry budget permits a retry again when enough requests have come", async () => {
	const clock = new FakeClock();
	let fails = true;
	const instance = fakeInstance("a", {
		settings: { ...DEFAULT_ROUTER, breaker: { consecutiveFailures: 100, baseOpenMs: 1, maxOpenMs: 1 } },
		unary: async () => {
			if (fails) throw retryable();
			return chatResponse("a");
		},
	});
	// No pause, so that no time passes in which the budget refills.
	const router = routerOf([instance], { clock, random: () => 0, settings: { retryRatio: 0.1, maxAttempts: 100 } });
	const attemptsOf = async (): Promise<number> => {
		const call = rejects(router.unary(chatEnvelope(), watched()));
		await clock.advance(0);
		return (await call).explanation?.attempts.length ?? 0;
	};
	const first = await attemptsOf();
	const second = await attemptsOf();
	fails = false;
	for (let i = 0; i < 19; i++) await router.unary(chatEnvelope(), watched());
	fails = true;
	const later = await attemptsOf();
	assert.equal({ first, second, later }, { first: 11, second: 1, later: 3 });
});

test("a retry waits for Retry-After", async () => {
	const clock = new FakeClock();
	const context = watched();
	const busy = new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 1_500 });
	const call = routerOf([recovering(busy)], { ...RETRIES, clock }).unary(chatEnvelope({ timeout_ms: 2_000 }), context);
	await clock.advance(1_500);
	assert.is((await call).backend.instance, "a");
	assert.equal(
		context.decisions[0]?.attempts.map(({ start_ms }) => start_ms),
		[0, 1_500],
	);
});

test("a request fails at once with the time of Retry-After when that is beyond the deadline", async () => {
	const clock = new FakeClock();
	const busy = new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 2_000 });
	const error = await rejects(routerOf([recovering(busy)], { ...RETRIES, clock }).unary(chatEnvelope({ timeout_ms: 2_000 }), watched()));
	assert.equal(
		{ code: error.code, retryAfterMs: error.retryAfterMs, attempts: error.explanation?.attempts.length, now: clock.now() },
		{ code: "rate_limited", retryAfterMs: 2_000, attempts: 1, now: 0 },
	);
	assert.is(clock.pending, 0);
});

test("a request falls back at once when another instance is available, whatever Retry-After is", async () => {
	const clock = new FakeClock();
	const busy = failing("a", () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 60_000 }));
	const { backend } = await routerOf([busy, fakeInstance("b")], { ...RETRIES, clock }).unary(chatEnvelope(), watched());
	assert.equal({ instance: backend.instance, now: clock.now() }, { instance: "b", now: 0 });
});

test("a request ends at once when it is aborted in a pause", async () => {
	const clock = new FakeClock();
	const abort = new AbortController();
	const context = watched({ signal: abort.signal });
	const call = rejects(routerOf([recovering(retryable())], { ...RETRIES, clock }).unary(chatEnvelope(), context));
	await clock.advance(10);
	abort.abort(new SpearError("cancelled", "enough"));
	const error = await call;
	assert.equal(
		{ message: error.message, attempts: error.explanation?.attempts.length, timers: clock.pending },
		{ message: "enough", attempts: 1, timers: 0 },
	);
});

test("a decision lists one attempt when none follows the failure", async () => {
	const clock = new FakeClock();
	const context = watched();
	const instance = failing("a", retryable, {
		settings: { ...DEFAULT_ROUTER, breaker: { consecutiveFailures: 1, baseOpenMs: 60_000, maxOpenMs: 60_000 } },
	});
	const router = routerOf([instance], { random: () => 0.5, clock, settings: { retryRatio: 1, queueTimeoutMs: 0 } });
	const call = rejects(router.unary(chatEnvelope(), context));
	await clock.advance(1_000);
	assert.is((await call).message, "HTTP 503");
	assert.equal(
		{ attempts: context.decisions[0]?.attempts.length, outcomes: context.decisions[0]?.outcomes.length },
		{ attempts: 1, outcomes: 1 },
	);
});

const IMAGES: FakeInstanceOptions = { operations: ["image_generation"] };

/** An instance that answers image requests with `draw`. */
function drawing(name: string, draw: () => Promise<img.Response>): Instance {
	return serving(fakeInstance(name, IMAGES), { image_generation: { unary: draw } });
}

const PROCESSED: readonly { readonly processed: Processed; readonly expected: readonly string[] }[] = [
	{ processed: "unknown", expected: ["a"] },
	{ processed: "yes", expected: ["a", "b"] },
	{ processed: "no", expected: ["a", "b"] },
];

for (const { processed, expected } of PROCESSED) {
	test(`an image request ${expected.length === 1 ? "does not fall back" : "falls back"} when a failure reports processed: ${processed}`, async () => {
		const broken = drawing("a", () => Promise.reject(new SpearError("backend_error", "broke off", { retryable: true, processed })));
		const router = routerOf([broken, drawing("b", async () => ({ images: [], downgrades: [] }))], { clock: new FakeClock() });
		const context = watched();
		await router.unary(imageEnvelope(), context).catch(() => {});
		assert.equal(
			context.decisions[0]?.attempts.map(({ backend }) => backend),
			expected,
		);
	});
}

test("an operation is idempotent or not when the configuration says so", async () => {
	const unknown = (): SpearError => new SpearError("backend_error", "broke off", { processed: "unknown" });
	const images = routerOf([drawing("a", () => Promise.reject(unknown())), drawing("b", async () => ({ images: [], downgrades: [] }))], {
		routes: new Map([["image_generation", { idempotent: true }]]),
	});
	assert.is((await images.unary(imageEnvelope(), watched())).backend.instance, "b");
	const chats = routerOf([failing("a", unknown), fakeInstance("b")], { chat: { idempotent: false } });
	assert.equal(outcomes((await rejects(chats.unary(chatEnvelope(), watched()))).explanation?.attempts), [["a", "backend_error"]]);
});

test.run();
