/** A second backend beside a first that has not begun to answer. */
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

/** Instances that take so long to answer, and when each was asked and given up. */
function answering(latencies: Record<string, number>, more: FakeInstanceOptions = {}) {
	const clock = new FakeClock();
	const log: string[] = [];
	const instances = Object.entries(latencies).map(([name, ms]) =>
		fakeInstance(name, {
			...more,
			unary: (context) => {
				log.push(`${clock.now()} ${name} asked`);
				context.signal.addEventListener("abort", () => log.push(`${clock.now()} ${name} aborted`));
				return takes(clock, ms, () => chatResponse(name))(context);
			},
		}),
	);
	return { clock, log, instances };
}

/** A router that asks in this order and hedges after 50 ms. */
function hedging(instances: readonly Instance[], clock: FakeClock, hedge: Partial<HedgeSettings> = {}, more: TestRouterOptions = {}) {
	return routerOf(instances, { clock, ...more, chat: { policy: "priority", hedge: { ...HEDGE, ...hedge }, ...more.chat } });
}

test("an answer within the delay is the only attempt", async () => {
	const { clock, log, instances } = answering({ a: 49, b: 10 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(49);
	assert.is((await call).backend.instance, "a");
	assert.equal([log, clock.pending], [["0 a asked"], 0]);
});

test("after the delay another is asked, and the first answer ends the other at once", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 20 });
	const context = watched();
	const call = hedging(instances, clock).unary(chatEnvelope(), context);
	await clock.advance(69);
	assert.equal(inFlight(...instances), [1, 1]);
	await clock.advance(1);
	const { backend, result } = await call;
	assert.equal([backend.instance, result.payload.message.content], ["b", [{ type: "text", text: "b" }]]);
	assert.equal(log, ["0 a asked", "50 b asked", "70 a aborted"]);
	assert.equal([inFlight(...instances), clock.pending], [[0, 0], 0]);
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend: name, role, start_ms, failure }) => [name, role, start_ms, failure]),
		[
			["a", "first", 0, "cancelled"],
			["b", "hedge", 50, undefined],
		],
	);
});

test("losing does not count against an instance, nor for it", async () => {
	const { clock, instances } = answering({ a: 1_000, b: 20 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(70);
	await call;
	assert.equal([instances[0]?.stats.breaker.failures, instances[0]?.stats.breaker.state(70)], [0, "closed"]);
});

test("a first attempt that is quicker than its hedge is the one chosen", async () => {
	const { clock, log, instances } = answering({ a: 60, b: 1_000 });
	const context = watched();
	const call = hedging(instances, clock).unary(chatEnvelope(), context);
	await clock.advance(60);
	assert.is((await call).backend.instance, "a");
	assert.equal(log, ["0 a asked", "50 b asked", "60 b aborted"]);
	assert.equal(context.decisions[0]?.explanation.chosen, "a");
});

test("a failure before the delay gives way to another at once", async () => {
	const clock = new FakeClock();
	const down = takes(clock, 10, () => {
		throw new SpearError("backend_error", "down");
	});
	const context = watched();
	const call = hedging([fakeInstance("a", { unary: down }), fakeInstance("b")], clock).unary(chatEnvelope(), context);
	await clock.advance(10);
	await call;
	assert.equal(
		context.decisions[0]?.explanation.attempts.map(({ backend, role, start_ms }) => [backend, role, start_ms]),
		[
			["a", "first", 0],
			["b", "fallback", 10],
		],
	);
});

test("a failure of one while another is under way waits for that one", async () => {
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

test("an instance that failed beside its hedge is not asked again as if it had not been tried", async () => {
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

test("as many run side by side as may, the delay apart", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000, c: 1_000, d: 1_000 });
	const call = hedging(instances, clock, { attempts: 3 }, { chat: { maxAttempts: 9 } }).unary(chatEnvelope(), watched());
	await clock.advance(1_000);
	await call;
	assert.equal(log.slice(0, 3), ["0 a asked", "50 b asked", "100 c asked"]);
	assert.is(log.filter((line) => line.endsWith("asked")).length, 3);
});

test("hedges count among the attempts a request may make", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000, c: 1_000 });
	const call = hedging(instances, clock, { attempts: 3 }, { chat: { maxAttempts: 2 } }).unary(chatEnvelope(), watched());
	await clock.advance(1_000);
	await call;
	assert.is(log.filter((line) => line.endsWith("asked")).length, 2);
});

test("a hedge never goes to the instance that is being waited for", async () => {
	const { clock, log, instances } = answering({ a: 200 });
	const call = hedging(instances, clock).unary(chatEnvelope(), watched());
	await clock.advance(200);
	await call;
	assert.equal(log, ["0 a asked"]);
});

test("hedges stay within their part of the requests", async () => {
	const { clock, log, instances } = answering({ a: 100, b: 1_000 });
	const router = hedging(instances, clock, { ratio: 0.1 });
	const context = watched();
	const calls = Array.from({ length: 200 }, () => router.unary(chatEnvelope(), context));
	await clock.advance(100);
	await Promise.all(calls);
	// 10 saved up; the deposits of these 200 come before the first of them hedges, and no more than 10 are saved.
	assert.is(log.filter((line) => line === "50 b asked").length, 10);
	assert.equal(context.decisions.at(-1)?.explanation.events, [{ at_ms: 50, type: "hedge_denied", detail: "the hedge budget is used up" }]);
});

test("where nobody else could take the request the budget is not drawn on", async () => {
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
	assert.equal(log, ["2000 a asked", "2050 b asked", "2070 a aborted"]);
});

test("an instance whose hedges win over and over is not the first choice for ever", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 20 });
	const router = hedging(instances, clock, {}, { chat: { policy: "ewma_latency" } });
	for (let i = 0; i < 5; i++) {
		log.length = 0;
		const call = router.unary(chatEnvelope(), watched());
		await clock.advance(100);
		await call;
	}
	assert.equal(log, ["400 b asked"]);
});

test("without a configuration nothing is hedged", async () => {
	const { clock, log, instances } = answering({ a: 60_000, b: 1 });
	const call = routerOf(instances, { clock, chat: { policy: "priority" } }).unary(chatEnvelope(), watched());
	await clock.advance(60_000);
	assert.equal([(await call).backend.instance, log], ["a", ["0 a asked"]]);
});

test("a quantile as the delay: nothing is hedged until twenty answers were timed, then what takes longer", async () => {
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

test("a deadline ends all that run side by side", async () => {
	const { clock, log, instances } = answering({ a: 1_000, b: 1_000 });
	const call = rejects(hedging(instances, clock).unary(chatEnvelope({ timeout_ms: 80 }), watched()));
	await clock.advance(80);
	assert.is((await call).code, "timeout");
	assert.equal([log, inFlight(...instances), clock.pending], [["0 a asked", "50 b asked", "80 a aborted", "80 b aborted"], [0, 0], 0]);
});

test("a caller that gives up ends all that run side by side", async () => {
	const { clock, instances } = answering({ a: 1_000, b: 1_000 });
	const abort = new AbortController();
	const call = rejects(hedging(instances, clock).unary(chatEnvelope(), watched({ signal: abort.signal })));
	await clock.advance(60);
	assert.equal(inFlight(...instances), [1, 1]);
	abort.abort(new SpearError("cancelled", "enough"));
	assert.is((await call).message, "enough");
	await clock.advance(0);
	assert.equal([inFlight(...instances), clock.pending], [[0, 0], 0]);
});

test("when all fail the last failure is the guest's", async () => {
	const clock = new FakeClock();
	const router = hedging(
		[failing("a", () => new SpearError("backend_error", "a is down")), failing("b", () => new SpearError("timeout", "b is slow"))],
		clock,
	);
	assert.is((await rejects(router.unary(chatEnvelope(), watched()))).message, "b is slow");
});

test.run();
