/** Hedges: concurrent attempts when the first has no output yet. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import type { HedgeSettings } from "../../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { failing, inFlight, outcomes, rejects, takes, watched } from "../calls.ts";
import { load } from "../load-balancing/policies/picking.ts";

const HEDGE: HedgeSettings = { attempts: 2, after: { delayMs: 50 }, ratio: 1 };

/** Instances with these latencies, and a log of the start and the abort of each attempt. */
function answering(latencies: Record<string, number>, more: FakeInstanceOptions = {}) {
	const clock = new FakeClock();
	const log: string[] = [];
	const instances = Object.entries(latencies).map(([name, ms]) =>
		fakeInstance(name, {
			...more,
			unary: (context) => {
				log.push(`${clock.now()} ${name} started`);
				context.signal.addEventListener("abort", () => log.push(`${clock.now()} ${name} aborted`));
				return takes(clock, ms, () => chatResponse(name))(context);
			},
		}),
	);
	return { clock, log, instances };
}

/** A router that tries instances in this order and hedges after 50 ms. */
function hedging(instances: readonly Instance[], clock: FakeClock, hedge: Partial<HedgeSettings> = {}, more: TestRouterOptions = {}) {
	return routerOf(instances, { clock, ...more, chat: { policy: "priority", hedge: { ...HEDGE, ...hedge }, ...more.chat } });
}

test("a request is not hedged when its answer arrives within the delay", async () => {
	const { clock, log, instances } = answering({ a: 49, b: 10 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(49);
	assert.is((await call).backend.instance, "a");
	assert.equal({ log, timers: clock.pending }, { log: ["0 a started"], timers: 0 });
});

test("a hedge starts after the delay, and the first answer aborts the other attempt", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 20 });
	const context = watched();
	const call = hedging(instances, clock).unary(chatEnvelope(), context);
	await clock.advance(69);
	assert.equal(inFlight(...instances), [1, 1]);
	await clock.advance(1);
	const { backend, result } = await call;
	assert.equal(
		{ instance: backend.instance, content: result.payload.message.content },
		{ instance: "b", content: [{ type: "text", text: "b" }] },
	);
	assert.equal(log, ["0 a started", "50 b started", "70 a aborted"]);
	assert.equal({ inFlight: inFlight(...instances), timers: clock.pending }, { inFlight: [0, 0], timers: 0 });
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend: name, role, start_ms, failure }) => ({ name, role, start_ms, failure })),
		[
			{ name: "a", role: "first", start_ms: 0, failure: "cancelled" },
			{ name: "b", role: "hedge", start_ms: 50, failure: undefined },
		],
	);
});

test("an overtaken attempt does not count as a failure", async () => {
	const { clock, instances } = answering({ a: 1_000, b: 20 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(70);
	await call;
	assert.equal(
		{
			failures: instances[0]?.stats.health("chat_completions").breaker.failures,
			stateAt70: instances[0]?.stats.health("chat_completions").breaker.state(70),
		},
		{ failures: 0, stateAt70: "closed" },
	);
});

test("the first attempt is chosen when it answers before its hedge", async () => {
	const { clock, log, instances } = answering({ a: 60, b: 1_000 });
	const context = watched();
	const call = hedging(instances, clock).unary(chatEnvelope(), context);
	await clock.advance(60);
	assert.is((await call).backend.instance, "a");
	assert.equal(log, ["0 a started", "50 b started", "60 b aborted"]);
	assert.equal(context.decisions[0]?.explanation.chosen, "a");
});

test("a request falls back at once when it fails before the delay", async () => {
	const clock = new FakeClock();
	const down = takes(clock, 10, () => {
		throw new SpearError("backend_error", "down");
	});
	const context = watched();
	const call = hedging([fakeInstance("a", { unary: down }), fakeInstance("b")], clock).unary(chatEnvelope(), context);
	await clock.advance(10);
	await call;
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend, role, start_ms }) => ({ backend, role, start_ms })),
		[
			{ backend: "a", role: "first", start_ms: 0 },
			{ backend: "b", role: "fallback", start_ms: 10 },
		],
	);
});

test("a request waits for its hedge when the first attempt fails", async () => {
	const clock = new FakeClock();
	const down = takes(clock, 60, () => {
		throw new SpearError("backend_error", "down");
	});
	const router = hedging(
		[fakeInstance("a", { unary: down }), fakeInstance("b", { unary: takes(clock, 100, () => chatResponse("b")) })],
		clock,
	);
	const call = router.unary(chatEnvelope(), watched());
	await clock.advance(150);
	assert.equal(outcomes((await call).backend.attempts), [
		["a", "backend_error"],
		["b", undefined],
	]);
});

test("an instance is not tried again when it failed while its hedge was in flight", async () => {
	const clock = new FakeClock();
	const down = (ms: number) =>
		takes(clock, ms, () => {
			throw new SpearError("backend_error", "down", { retryable: true });
		});
	const router = hedging([fakeInstance("a", { unary: down(60) }), fakeInstance("b", { unary: down(20) })], clock);
	const call = rejects(router.unary(chatEnvelope(), watched()));
	await clock.advance(1_000);
	const { explanation } = await call;
	assert.equal(explanation?.attempts.map(({ backend }) => backend).sort(), ["a", "b"]);
});

test("hedges start one delay apart up to their maximum", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000, c: 1_000, d: 1_000 });
	const call = hedging(instances, clock, { attempts: 3 }, { chat: { maxAttempts: 9 } }).unary(chatEnvelope(), watched());
	await clock.advance(1_000);
	await call;
	assert.equal(log.slice(0, 3), ["0 a started", "50 b started", "100 c started"]);
	assert.is(log.filter((line) => line.endsWith("started")).length, 3);
});

test("hedges count as attempts of the request", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000, c: 1_000 });
	const call = hedging(instances, clock, { attempts: 3 }, { chat: { maxAttempts: 2 } }).unary(chatEnvelope(), watched());
	await clock.advance(1_000);
	await call;
	assert.is(log.filter((line) => line.endsWith("started")).length, 2);
});

test("a hedge does not go to the instance of the first attempt", async () => {
	const { clock, log, instances } = answering({ a: 200 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(200);
	await call;
	assert.equal(log, ["0 a started"]);
});

test("hedges stay within their budget", async () => {
	const { clock, log, instances } = answering({ a: 100, b: 1_000 });
	const router = hedging(instances, clock, { ratio: 0.1 });
	const context = watched();
	const calls = Array.from({ length: 200 }, () => router.unary(chatEnvelope(), context));
	await clock.advance(100);
	await Promise.all(calls);
	// All 200 deposits come before the first hedge, and the budget saves at most 10.
	assert.is(log.filter((line) => line === "50 b started").length, 10);
	assert.equal(context.decisions.at(-1)?.explanation.events, [{ at_ms: 50, type: "hedge_denied", detail: "the hedge budget is used up" }]);
});

test("the hedge budget is not used when no other instance is available", async () => {
	const { clock, log, instances } = answering({ a: 100, b: 20 }, { concurrency: 1 });
	const router = hedging(instances, clock, { ratio: 0.001 });
	const ask = async (): Promise<void> => {
		const call = router.unary(chatEnvelope(), watched());
		await clock.advance(100);
		await call;
	};
	load(instances[1], 1);
	for (let i = 0; i < 20; i++) await ask();
	instances[1]?.stats.removeInFlight("chat_completions");
	log.length = 0;
	await ask();
	assert.equal(log, ["2000 a started", "2050 b started", "2070 a aborted"]);
});

test("a slow instance loses its preference when its hedges win repeatedly", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 20 });
	const router = hedging(instances, clock, {}, { chat: { policy: "ewma_latency" } });
	for (let i = 0; i < 5; i++) {
		log.length = 0;
		const call = router.unary(chatEnvelope(), watched());
		await clock.advance(100);
		await call;
	}
	assert.equal(log, ["400 b started"]);
});

test("a request is not hedged without a configuration", async () => {
	const { clock, log, instances } = answering({ a: 60_000, b: 1 });
	const call = routerOf(instances, { clock, chat: { policy: "priority" } }).unary(chatEnvelope(), watched());
	await clock.advance(60_000);
	assert.equal({ instance: (await call).backend.instance, log }, { instance: "a", log: ["0 a started"] });
});

test("a request is hedged at a quantile after 20 samples", async () => {
	const clock = new FakeClock();
	let ms = 100;
	const instances = [
		fakeInstance("a", { unary: (context) => takes(clock, ms, () => chatResponse("a"))(context) }),
		fakeInstance("b", { unary: takes(clock, 10, () => chatResponse("b")) }),
	];
	const router = hedging(instances, clock, { after: { quantile: 0.9 } });
	const ask = async (): Promise<string> => {
		const call = router.unary(chatEnvelope(), watched());
		await clock.advance(1_000);
		return (await call).backend.instance;
	};
	for (let i = 0; i < 19; i++) await ask();
	ms = 900;
	assert.is(await ask(), "a");
	assert.is(await ask(), "b");
	ms = 100;
	assert.is(await ask(), "a");
});

test("a deadline ends all concurrent attempts", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000 });
	const call = rejects(hedging(instances, clock).unary(chatEnvelope({ timeout_ms: 80 }), watched()));
	await clock.advance(80);
	assert.is((await call).code, "timeout");
	assert.equal(
		{ log, inFlight: inFlight(...instances), timers: clock.pending },
		{ log: ["0 a started", "50 b started", "80 a aborted", "80 b aborted"], inFlight: [0, 0], timers: 0 },
	);
});

test("an abort ends all concurrent attempts", async () => {
	const { clock, instances } = answering({ a: 1_000, b: 1_000 });
	const abort = new AbortController();
	const call = rejects(hedging(instances, clock).unary(chatEnvelope(), watched({ signal: abort.signal })));
	await clock.advance(60);
	assert.equal(inFlight(...instances), [1, 1]);
	abort.abort(new SpearError("cancelled", "enough"));
	assert.is((await call).message, "enough");
	await clock.advance(0);
	assert.equal({ inFlight: inFlight(...instances), timers: clock.pending }, { inFlight: [0, 0], timers: 0 });
});

test("a request fails with the last failure when all concurrent attempts fail", async () => {
	const clock = new FakeClock();
	const router = hedging(
		[failing("a", () => new SpearError("backend_error", "a is down")), failing("b", () => new SpearError("timeout", "b is slow"))],
		clock,
	);
	assert.is((await rejects(router.unary(chatEnvelope(), watched()))).message, "b is slow");
});

test.run();
