/** When nobody else is left: the same backend again, after a pause, within the deadline. */
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

const REPEATS: TestRouterOptions = { settings: { retryRatio: 1 }, random: () => 0.5 };

/** An instance that fails with these, and then answers. */
function recovering(...failures: readonly SpearError[]): Instance {
	const left = [...failures];
	return fakeInstance("a", {
		unary: async () => {
			const failure = left.shift();
			if (failure !== undefined) throw failure;
			return chatResponse("a");
		},
	});
}

const brief = (): SpearError => new SpearError("backend_error", "HTTP 503", { retryable: true });

test("a failure that may pass is repeated at the same backend after a pause", async () => {
	const clock = new FakeClock();
	const context = watched();
	const call = routerOf([recovering(brief(), brief())], { ...REPEATS, clock }).unary(chatEnvelope(), context);
	await clock.advance(300);
	assert.is((await call).backend.instance, "a");
	const { attempts, events } = context.decisions[0]?.explanation ?? {};
	// Half of 200 ms, then half of 400.
	assert.equal(
		attempts?.map(({ role, start_ms }) => [role, start_ms]),
		[
			["first", 0],
			["retry", 100],
			["retry", 300],
		],
	);
	assert.equal(events, [
		{ at_ms: 0, type: "backed_off", detail: "100 ms before the next attempt" },
		{ at_ms: 100, type: "backed_off", detail: "200 ms before the next attempt" },
	]);
});

test("a failure that will not pass is not repeated", async () => {
	const clock = new FakeClock();
	const failure = new SpearError("backend_error", "HTTP 501", { retryable: false });
	const error = await rejects(routerOf([recovering(failure)], { ...REPEATS, clock }).unary(chatEnvelope(), watched()));
	assert.equal([error.message, error.explanation?.attempts.length], ["HTTP 501", 1]);
});

test("Retry-After is waited for", async () => {
	const clock = new FakeClock();
	const context = watched();
	const busy = new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 1_500 });
	const call = routerOf([recovering(busy)], { ...REPEATS, clock }).unary(chatEnvelope({ timeout_ms: 2_000 }), context);
	await clock.advance(1_500);
	assert.is((await call).backend.instance, "a");
	assert.equal(
		context.decisions[0]?.attempts.map(({ start_ms }) => start_ms),
		[0, 1_500],
	);
});

test("Retry-After beyond the deadline is not waited for: the failure is told at once, with that time", async () => {
	const clock = new FakeClock();
	const busy = new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 2_000 });
	const error = await rejects(routerOf([recovering(busy)], { ...REPEATS, clock }).unary(chatEnvelope({ timeout_ms: 2_000 }), watched()));
	assert.equal([error.code, error.retryAfterMs, error.explanation?.attempts.length, clock.now()], ["rate_limited", 2_000, 1, 0]);
	assert.is(clock.pending, 0);
});

test("another backend is asked at once, whatever the first one's Retry-After", async () => {
	const clock = new FakeClock();
	const busy = failing("a", () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 60_000 }));
	const { backend } = await routerOf([busy, fakeInstance("b")], { ...REPEATS, clock }).unary(chatEnvelope(), watched());
	assert.equal([backend.instance, clock.now()], ["b", 0]);
});

test("a caller that gives up during a pause is let go at once", async () => {
	const clock = new FakeClock();
	const abort = new AbortController();
	const context = watched({ signal: abort.signal });
	const call = rejects(routerOf([recovering(brief())], { ...REPEATS, clock }).unary(chatEnvelope(), context));
	await clock.advance(10);
	abort.abort(new SpearError("cancelled", "enough"));
	const error = await call;
	assert.equal([error.message, error.explanation?.attempts.length, clock.pending], ["enough", 1, 0]);
});

test("a failure after which no other attempt was made is not among those the request fell back from", async () => {
	const clock = new FakeClock();
	const context = watched();
	const instance = failing("a", brief, {
		settings: { ...DEFAULT_ROUTER, breaker: { consecutiveFailures: 1, baseOpenMs: 60_000, maxOpenMs: 60_000 } },
	});
	const router = routerOf([instance], { random: () => 0.5, clock, settings: { retryRatio: 1, queueTimeoutMs: 0 } });
	const call = rejects(router.unary(chatEnvelope(), context));
	await clock.advance(1_000);
	assert.is((await call).message, "HTTP 503");
	assert.equal([context.decisions[0]?.attempts.length, context.decisions[0]?.fallenBackFrom], [1, undefined]);
});

const IMAGES: FakeInstanceOptions = { operations: ["image_generation"] };

/** An instance whose images these are. */
function drawing(name: string, draw: () => Promise<img.Response>): Instance {
	return serving(fakeInstance(name, IMAGES), { image_generation: { unary: draw } });
}

for (const [processed, expected] of [
	["unknown", ["a"]],
	["yes", ["a", "b"]],
	["no", ["a", "b"]],
] as const satisfies readonly (readonly [Processed, readonly string[]])[]) {
	test(`an image whose processed is ${processed} after a failure is ${expected.length === 1 ? "not asked for again" : "asked of another"}`, async () => {
		const broken = drawing("a", () => Promise.reject(new SpearError("backend_error", "broke off", { retryable: true, processed })));
		const router = routerOf([broken, drawing("b", async () => ({ images: [] }))], { clock: new FakeClock() });
		const context = watched();
		await router.unary(imageEnvelope(), context).catch(() => {});
		assert.equal(
			context.decisions[0]?.attempts.map(({ backend }) => backend),
			expected,
		);
	});
}

test("an operator may call images idempotent, and chats not", async () => {
	const unknown = (): SpearError => new SpearError("backend_error", "broke off", { processed: "unknown" });
	const images = routerOf([drawing("a", () => Promise.reject(unknown())), drawing("b", async () => ({ images: [] }))], {
		routes: new Map([["image_generation", { idempotent: true }]]),
	});
	assert.is((await images.unary(imageEnvelope(), watched())).backend.instance, "b");
	const chats = routerOf([failing("a", unknown), fakeInstance("b")], { chat: { idempotent: false } });
	assert.equal(outcomes((await rejects(chats.unary(chatEnvelope(), watched()))).explanation?.attempts), [["a", "backend_error"]]);
});

test.run();
