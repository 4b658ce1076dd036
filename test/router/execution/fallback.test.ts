/** What happens when the first choice fails: who is asked next, and when nobody is. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { RouteContext, Router } from "../../../src/router/router.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, failing, inFlight, outcomes, rejects, routing, takes, untilAborted, watched } from "../calls.ts";

/** Both ways to ask: each gives the text of the answer. */
const WAYS = {
	unary: async (router: Router, context: RouteContext, request = chatEnvelope()) => {
		const { result } = await router.unary(request, context);
		return result.payload.message.content;
	},
	stream: async (router: Router, context: RouteContext, request = chatEnvelope()) => {
		const last = (await collect(router.stream(request, context))).at(-1);
		return last?.type === "completed" ? last.completed.message.content : undefined;
	},
} as const;

for (const [way, ask] of Object.entries(WAYS)) {
	for (const [code, retryable] of [
		["rate_limited", true],
		["timeout", true],
		["backend_error", true],
		["backend_error", false],
		["missing_capabilities", false],
	] as const) {
		test(`${way}: after ${code}${retryable ? "" : " that repeating will not cure"} the next candidate answers`, async () => {
			const failure = new SpearError(code, "not me", { retryable, cause: new Error("behind it") });
			const [first, second] = [failing("a", () => failure), fakeInstance("b")];
			const context = watched();
			const router = routerOf([first, second], { clock: new FakeClock() });
			assert.equal(await ask(router, context), [{ type: "text", text: way === "unary" ? "b" : "done" }]);
			const [decision, ...more] = context.decisions;
			assert.equal(more, []);
			assert.equal([decision?.explanation.chosen, decision?.error], ["b", undefined]);
			assert.equal(decision?.explanation.attempts, [
				{ backend: "a", latency_ms: 0, failure: code, detail: "not me", role: "first", start_ms: 0 },
				{ backend: "b", latency_ms: 0, role: "fallback", start_ms: 0, first_output_ms: 0 },
			]);
			assert.equal(decision?.fallenBackFrom, [failure]);
			assert.equal(inFlight(first, second), [0, 0]);
		});
	}

	for (const code of ["invalid_request", "not_permitted", "cancelled", "internal"] as const) {
		test(`${way}: after ${code} nobody else is asked`, async () => {
			const context = watched();
			const router = routerOf([failing("a", () => new SpearError(code, "no")), fakeInstance("b")]);
			const error = await rejects(ask(router, context));
			assert.is(error.code, code);
			assert.equal(outcomes(error.explanation?.attempts), [["a", code]]);
			assert.is(context.decisions.length, 1);
		});
	}

	test(`${way}: each candidate is asked once before any is asked again, and the last failure is the guest's`, async () => {
		const asked: string[] = [];
		const instances = ["a", "b", "c"].map((name) =>
			failing(name, () => {
				asked.push(name);
				return new SpearError("rate_limited", `${name} is busy`, { retryAfterMs: 5 });
			}),
		);
		const error = await rejects(ask(routerOf(instances), watched()));
		assert.equal(asked, ["a", "b", "c"]);
		assert.equal([error.message, error.retryAfterMs], ["c is busy", 5]);
		assert.equal(
			error.explanation?.attempts.map(({ backend }) => backend),
			["a", "b", "c"],
		);
		assert.equal(inFlight(...instances), [0, 0, 0]);
	});

	test(`${way}: no more attempts are made than a request may make`, async () => {
		const instances = ["a", "b", "c", "d"].map((name) => failing(name, () => new SpearError("backend_error", "down")));
		const error = await rejects(ask(routerOf(instances, { chat: { maxAttempts: 2 } }), watched()));
		assert.equal(outcomes(error.explanation?.attempts), [
			["a", "backend_error"],
			["b", "backend_error"],
		]);
	});

	test(`${way}: a request that names its backend stays with it`, async () => {
		const router = routerOf([failing("a", () => new SpearError("rate_limited", "busy")), fakeInstance("b")]);
		const error = await rejects(ask(router, watched(), chatEnvelope({ routing: routing({ backend: "a" }) })));
		assert.equal(outcomes(error.explanation?.attempts), [["a", "rate_limited"]]);
	});

	test(`${way}: all attempts share one deadline`, async () => {
		const clock = new FakeClock();
		const late = takes(clock, 6, () => {
			throw new SpearError("timeout", "no answer began");
		});
		const first = fakeInstance("a", {
			unary: late,
			// biome-ignore lint/correctness/useYield: it fails first
			async *stream(context) {
				await late(context);
			},
		});
		const second = fakeInstance("b", {
			unary: untilAborted,
			// biome-ignore lint/correctness/useYield: it waits for ever
			async *stream(context) {
				await untilAborted(context);
			},
		});
		const router = routerOf([first, second, fakeInstance("c")], { clock });
		const call = rejects(ask(router, watched(), chatEnvelope({ timeout_ms: 10 })));
		await clock.advance(10);
		const error = await call;
		assert.is(error.code, "timeout");
		assert.match(error.message, "within 10 ms");
		assert.equal(
			error.explanation?.attempts.map(({ backend, failure, latency_ms }) => [backend, failure, latency_ms]),
			[
				["a", "timeout", 6],
				["b", "timeout", 4],
			],
		);
	});

	test(`${way}: an attempt that gives no output in its time gives way to the next`, async () => {
		const clock = new FakeClock();
		const silent = fakeInstance("a", {
			unary: untilAborted,
			// biome-ignore lint/correctness/useYield: it waits for ever
			async *stream(context) {
				await untilAborted(context);
			},
		});
		const context = watched();
		const answer = ask(routerOf([silent, fakeInstance("b")], { clock, chat: { firstEventTimeoutMs: 50 } }), context);
		await clock.advance(50);
		await answer;
		assert.equal(outcomes(context.decisions[0]?.attempts), [
			["a", "timeout"],
			["b", undefined],
		]);
		assert.is(context.decisions[0]?.attempts[0]?.detail, "the backend sent no output within 50 ms (first_event_timeout_ms of the route)");
	});

	test(`${way}: once the caller has given up nobody else is asked`, async () => {
		const abort = new AbortController();
		const router = routerOf([
			failing("a", () => {
				abort.abort(new SpearError("cancelled", "enough"));
				return new SpearError("backend_error", "broke off", { retryable: true });
			}),
			fakeInstance("b"),
		]);
		const error = await rejects(ask(router, watched({ signal: abort.signal })));
		assert.equal([error.code, error.explanation?.attempts.map(({ backend }) => backend)], ["cancelled", ["a"]]);
	});
}

test("while an attempt runs, it alone holds a lease", async () => {
	const seen: number[][] = [];
	const first = failing("a", () => {
		seen.push(inFlight(first, second));
		return new SpearError("rate_limited", "busy");
	});
	const second = fakeInstance("b", {
		unary: async () => {
			seen.push(inFlight(first, second));
			return chatResponse("b");
		},
	});
	await routerOf([first, second]).unary(chatEnvelope(), watched());
	assert.equal(seen, [
		[1, 0],
		[0, 1],
	]);
});

test("the envelope of an answer tells of every attempt, and of the time of all of them together", async () => {
	const clock = new FakeClock();
	const down = takes(clock, 30, () => {
		throw new SpearError("backend_error", "down");
	});
	const instances = [fakeInstance("a", { unary: down }), fakeInstance("b", { unary: takes(clock, 12, () => chatResponse("b")) })];
	const call = routerOf(instances, { clock }).unary(chatEnvelope(), watched());
	await clock.advance(42);
	assert.equal((await call).backend, {
		name: "fake",
		instance: "b",
		latency_ms: 42,
		attempts: [
			{ backend: "a", latency_ms: 30, failure: "backend_error", detail: "down" },
			{ backend: "b", latency_ms: 12 },
		],
	});
});

test.run();
