/** Explanations of decisions, the decision log, and errors without a candidate. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatRequest, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { failing, rejects, routing, served, watched } from "../calls.ts";

const INSTANCE = fc.record({
	hasKey: fc.boolean(),
	fails: fc.constantFrom("never", "backend_error", "rate_limited", "credentials", "invalid_request"),
	state: fc.constantFrom("healthy", "healthy", "open", "ejected", "full"),
	models: fc.constantFrom(["m"], ["x"], []),
	weight: fc.constantFrom(0, 1, 3),
	priority: fc.constantFrom(0, 1),
	contextTokens: fc.constantFrom(10, 1_000),
});
const REQUEST = fc.record({
	denylist: fc.subarray(["i0", "i1", "i2", "i3"]),
	backend: fc.option(fc.constantFrom("i0", "i1"), { nil: undefined, freq: 6 }),
	model: fc.option(fc.constantFrom("m", "x", "y"), { nil: undefined }),
	input_tokens: fc.constantFrom(1, 100),
});

type Spec = typeof INSTANCE extends fc.Arbitrary<infer T> ? T : never;

function instanceOf(name: string, { fails, state, contextTokens, ...options }: Spec, clock: FakeClock): Instance {
	const failure = (): SpearError =>
		fails === "credentials"
			? new SpearError("backend_error", "HTTP 401", { attribution: "credentials" })
			: new SpearError(fails === "never" ? "internal" : fails, "no", { retryable: fails !== "invalid_request" });
	const instance = fakeInstance(name, {
		...options,
		limits: { context_tokens: contextTokens },
		unary: async () => {
			if (fails !== "never") throw failure();
			return chatResponse(name);
		},
		...(state === "full" ? { concurrency: 0 } : {}),
	});
	if (state === "open") for (let i = 0; i < 5; i++) instance.stats.health("chat_completions").breaker.fail(false, clock.now());
	if (state === "ejected") instance.stats.health("chat_completions").eject(clock.now(), 60_000);
	return instance;
}

/** Asserts that each instance is either eligible or rejected, and that all are counted. */
function assertNamesAllOnce(explanation: types.Explanation | undefined, instances: readonly Instance[]): void {
	const { eligible = [], rejected = [] } = explanation ?? {};
	const named = [...eligible, ...rejected.map(({ backend }) => backend)].sort();
	assert.equal(named, instances.map(({ name }) => name).sort());
	assert.is(explanation?.candidates_checked, instances.length);
	assert.ok(!rejected.some(({ detail }) => detail === "not found by the index"));
}

test("an explanation names every instance once, for any outcome", async () => {
	const specs = fc.array(INSTANCE, { minLength: 1, maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(specs, fc.array(REQUEST, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 1), async (all, requests, ratio) => {
			const clock = new FakeClock();
			const instances = all.map((spec, index) => instanceOf(`i${index}`, spec, clock));
			const hedge = { attempts: 2, after: { delayMs: 5 }, ratio: 1 };
			const router = routerOf(instances, {
				clock,
				chat: { policy: "weighted_round_robin", hedge },
				settings: { queueTimeoutMs: 0, retryRatio: 1, decisionLog: { ratio, capacity: 100 } },
			});
			let failed = 0;
			for (const { denylist, backend, model, input_tokens } of requests) {
				const request = chatEnvelope({
					routing: routing({ denylist, ...(backend === undefined ? {} : { backend }) }),
					payload: chatRequest(model === undefined ? {} : { model }),
					size: { input_tokens },
					timeout_ms: 2_000,
				});
				assertNamesAllOnce(router.explain(request), instances);
				const context = watched();
				const call = router.unary(request, context).then(
					() => undefined,
					(error) => error,
				);
				await clock.advance(2_000);
				const error: unknown = await call;
				assert.is(context.decisions.length, 1);
				assertNamesAllOnce(context.decisions[0]?.explanation, instances);
				if (error !== undefined) failed += 1;
				if (error instanceof SpearError) assertNamesAllOnce(error.explanation, instances);
			}
			for (const { explanation } of router.decisions) assertNamesAllOnce(explanation, instances);
			assert.is(router.decisions.length, ratio === 1 ? requests.length : failed);
		}),
		{ numRuns: 60 },
	);
});

test("explain returns the compared instances and makes no attempt", () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	a.stats.addInFlight("chat_completions");
	const router = routerOf([a, b], { chat: { policy: "least_inflight" }, random: () => 0 });
	const { chosen, considered, attempts } = router.explain(chatEnvelope());
	assert.equal({ chosen, attempts }, { chosen: "b", attempts: [] });
	assert.equal(considered, [
		{ backend: "a", score: 2, in_flight: 1 },
		{ backend: "b", score: 1, in_flight: 0 },
	]);
});

test("an explanation lists an instance as eligible when its attempt made it unavailable", async () => {
	const context = watched();
	const clock = new FakeClock();
	const bad = failing("a", () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 60_000 }));
	await routerOf([bad, fakeInstance("b")], { clock }).unary(chatEnvelope(), context);
	const { eligible, rejected, events } = context.decisions[0]?.explanation ?? {};
	assert.equal({ eligible, rejected }, { eligible: ["a", "b"], rejected: [] });
	assert.equal(events, [{ at_ms: 0, type: "key_cooldown", backend: "a" }]);
});

test("an explanation does not list an instance as rejected when it was chosen after the evaluation", async () => {
	const clock = new FakeClock();
	const context = watched();
	const busy = fakeInstance("b", { concurrency: 1 });
	busy.stats.addInFlight("chat_completions");
	const bad = failing("a", () => {
		busy.stats.removeInFlight("chat_completions");
		return new SpearError("backend_error", "HTTP 500");
	});
	await routerOf([bad, busy], { clock, settings: { decisionLog: { ratio: 1, capacity: 1 } } }).unary(chatEnvelope(), context);
	const { eligible, rejected, chosen } = context.decisions[0]?.explanation ?? {};
	assert.equal({ chosen, eligible, rejected }, { chosen: "b", eligible: ["a", "b"], rejected: [] });
});

for (const { ratio, what, eligible } of [
	{ ratio: 1, what: "first attempt of a kept decision", eligible: ["a", "b"] },
	{ ratio: 0, what: "end of any other decision", eligible: ["a"] },
]) {
	test(`an explanation shows the instances at the ${what}`, async () => {
		const clock = new FakeClock();
		const b = fakeInstance("b");
		const unary = async () => {
			b.stats.health("chat_completions").eject(clock.now(), 60_000);
			return chatResponse("a");
		};
		const context = watched();
		const settings = { decisionLog: { ratio, capacity: 1 } };
		await routerOf([fakeInstance("a", { unary }), b], { clock, settings }).unary(chatEnvelope(), context);
		assert.equal(context.decisions[0]?.explanation.eligible, eligible);
	});
}

test("a request with a forbidden policy ends with a decision and an explanation", async () => {
	const context = watched();
	const error = await rejects(routerOf([fakeInstance("a")]).unary(chatEnvelope({ policy: "priority" }), context));
	assert.is(error.code, "not_permitted");
	assert.is(context.decisions.length, 1);
	assertNamesAllOnce(error.explanation, [fakeInstance("a")]);
});

test("the decision log keeps the last decisions of a sample", async () => {
	const kept = async (ratio: number, capacity: number): Promise<number> => {
		const router = routerOf([fakeInstance("a")], { settings: { decisionLog: { ratio, capacity } } });
		await served(router, 200);
		return router.decisions.length;
	};
	assert.is(await kept(1, 10), 10);
	assert.is(await kept(0, 10), 0);
	assert.is(await kept(1, 0), 0);
	const some = await kept(0.25, 1_000);
	assert.ok(some > 25 && some < 75, `${some} of 200`);
});

test("the decision log keeps failures when the sample is empty", async () => {
	let turn = 0;
	const flaky = fakeInstance("a", {
		unary: async () => {
			turn += 1;
			if (turn === 3) throw new SpearError("invalid_request", "no");
			return chatResponse("a");
		},
	});
	const router = routerOf([flaky], { settings: { decisionLog: { ratio: 0, capacity: 10 } } });
	for (const id of ["1", "2", "3", "4"]) await router.unary(chatEnvelope({ request_id: id }), watched()).catch(() => {});
	assert.equal(
		router.decisions.map(({ requestId }) => requestId),
		["3"],
	);
});

test("an error names 8 instances and counts the others when there are more", async () => {
	const instances = Array.from({ length: 20 }, (_, index) => fakeInstance(`i${index}`, { hasKey: false }));
	const error = await rejects(routerOf(instances).unary(chatEnvelope(), watched()));
	assert.match(error.message, /: i0: no_key; .*; i7: no_key; and 12 more$/);
	assert.is(error.explanation?.rejected.length, 20);
});

test.run();
