/** The account of a decision: it names every instance exactly once, whatever became of the request. */
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
	state: fc.constantFrom("well", "well", "broken", "ejected", "full"),
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
	if (state === "broken") for (let i = 0; i < 5; i++) instance.stats.breaker.fail(false, clock.now());
	if (state === "ejected") instance.stats.eject(clock.now(), 60_000);
	return instance;
}

/** Asserts that each instance is eligible or rejected, once, and all are counted. */
function namesAllOnce(explanation: types.Explanation | undefined, instances: readonly Instance[]): void {
	const { eligible = [], rejected = [] } = explanation ?? {};
	const named = [...eligible, ...rejected.map(({ backend }) => backend)].sort();
	assert.equal(named, instances.map(({ name }) => name).sort());
	assert.is(explanation?.candidates_checked, instances.length);
	assert.ok(!rejected.some(({ detail }) => detail === "not found by the index"));
}

test("every instance is named exactly once, by answers, failures and explanations asked for", async () => {
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
				namesAllOnce(router.explain(request), instances);
				const context = watched();
				const call = router.unary(request, context).then(
					() => undefined,
					(error) => error,
				);
				await clock.advance(2_000);
				const error: unknown = await call;
				assert.is(context.decisions.length, 1);
				namesAllOnce(context.decisions[0]?.explanation, instances);
				if (error !== undefined) failed += 1;
				if (error instanceof SpearError) namesAllOnce(error.explanation, instances);
			}
			for (const { explanation } of router.decisions) namesAllOnce(explanation, instances);
			assert.is(router.decisions.length, ratio === 1 ? requests.length : failed);
		}),
		{ numRuns: 60 },
	);
});

test("an explanation asked for tells what the policy looked at, and sends nothing", () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	a.stats.addInFlight("chat_completions");
	const router = routerOf([a, b], { chat: { policy: "least_inflight" }, random: () => 0 });
	const { chosen, considered, attempts } = router.explain(chatEnvelope());
	assert.equal([chosen, attempts], ["b", []]);
	assert.equal(considered, [
		{ backend: "a", score: 2, in_flight: 1 },
		{ backend: "b", score: 1, in_flight: 0 },
	]);
});

test("an instance that was asked is eligible although it is out by the end", async () => {
	const context = watched();
	const clock = new FakeClock();
	const bad = failing("a", () => new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 60_000 }));
	await routerOf([bad, fakeInstance("b")], { clock }).unary(chatEnvelope(), context);
	const { eligible, rejected, events } = context.decisions[0]?.explanation ?? {};
	assert.equal([eligible, rejected], [["a", "b"], []]);
	assert.equal(events, [{ at_ms: 0, type: "key_cooldown", backend: "a" }]);
});

test("an instance that was asked is never among those rejected, also when the decision was captured before", async () => {
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
	assert.equal([chosen, eligible, rejected], ["b", ["a", "b"], []]);
});

test("a policy that is refused is told like any other end: to the observer, with an explanation", async () => {
	const context = watched();
	const error = await rejects(routerOf([fakeInstance("a")]).unary(chatEnvelope({ policy: "priority" }), context));
	assert.is(error.code, "not_permitted");
	assert.is(context.decisions.length, 1);
	namesAllOnce(error.explanation, [fakeInstance("a")]);
});

test("of the decisions a sample is kept, the last ones of it", async () => {
	const kept = async (ratio: number, capacity: number): Promise<number> => {
		const router = routerOf([fakeInstance("a")], { settings: { decisionLog: { ratio, capacity } } });
		await served(router, 200);
		return router.decisions.length;
	};
	assert.equal([await kept(1, 10), await kept(0, 10), await kept(1, 0)], [10, 0, 0]);
	const some = await kept(0.25, 1_000);
	assert.ok(some > 25 && some < 75, `${some} of 200`);
});

test("decisions that ended in failure are kept whatever the sample", async () => {
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

test("an error names a few of many instances, and counts the others", async () => {
	const instances = Array.from({ length: 20 }, (_, index) => fakeInstance(`i${index}`, { hasKey: false }));
	const error = await rejects(routerOf(instances).unary(chatEnvelope(), watched()));
	assert.match(error.message, /: i0: no_key; .*; i7: no_key; and 12 more$/);
	assert.is(error.explanation?.rejected.length, 20);
});

test.run();
