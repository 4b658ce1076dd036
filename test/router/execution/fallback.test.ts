/** Fallbacks to other instances after failures. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { RouteContext, Router } from "../../../src/router/router.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { collect, failing, inFlight, outcomes, rejects, routing, takes, untilAborted, watched } from "../calls.ts";

/** Both ways to send a request. Each returns the content of the answer. */
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
	for (const { code, retryable } of [
		{ code: "rate_limited", retryable: true },
		{ code: "timeout", retryable: true },
		{ code: "backend_error", retryable: true },
		{ code: "backend_error", retryable: false },
		{ code: "missing_capabilities", retryable: false },
	] as const) {
		test(`${way}: a request falls back after ${retryable ? "a retryable" : "a final"} ${code}`, async () => {
			const failure = new SpearError(code, "not me", { retryable, cause: new Error("behind it") });
			const [first, second] = [failing("a", () => failure), fakeInstance("b")];
			const context = watched();
			const router = routerOf([first, second], { clock: new FakeClock() });
			assert.equal(await ask(router, context), [{ type: "text", text: way === "unary" ? "b" : "done" }]);
			const [decision, ...more] = context.decisions;
			assert.equal(more, []);
			assert.equal({ chosen: decision?.explanation.chosen, error: decision?.error }, { chosen: "b", error: undefined });
			assert.equal(decision?.explanation.attempts, [
				{ backend: "a", latency_ms: 0, failure: code, detail: "not me", role: "first", start_ms: 0 },
				{ backend: "b", latency_ms: 0, role: "fallback", start_ms: 0, first_output_ms: 0 },
			]);
			assert.equal(decision?.outcomes, [
				{ backend: "a", key: "key 1", error: failure },
				{ backend: "b", key: "key 1" },
			]);
			assert.equal(inFlight(first, second), [0, 0]);
		});
	}

	for (const code of ["invalid_request", "not_permitted", "cancelled", "internal"] as const) {
		test(`${way}: a request does not fall back after ${code}`, async () => {
			const context = watched();
			const router = routerOf([failing("a", () => new SpearError(code, "no")), fakeInstance("b")]);
			const error = await rejects(ask(router, context));
			assert.is(error.code, code);
			assert.equal(outcomes(error.explanation?.attempts), [["a", code]]);
			assert.is(context.decisions.length, 1);
		});
	}

	test(`${way}: a request tries each candidate once and fails with the last failure`, async () => {
		const asked: string[] = [];
		const instances = ["a", "b", "c"].map((name) =>
			failing(name, () => {
				asked.push(name);
				return new SpearError("rate_limited", `${name} is busy`, { retryAfterMs: 5 });
			}),
		);
		const error = await rejects(ask(routerOf(instances), watched()));
		assert.equal(asked, ["a", "b", "c"]);
		assert.equal({ message: error.message, retryAfterMs: error.retryAfterMs }, { message: "c is busy", retryAfterMs: 5 });
		assert.equal(
			error.explanation?.attempts.map(({ backend }) => backend),
			["a", "b", "c"],
		);
		assert.equal(inFlight(...instances), [0, 0, 0]);
	});

	test(`${way}: a request makes at most its maximum of attempts`, async () => {
		const instances = ["a", "b", "c", "d"].map((name) => failing(name, () => new SpearError("backend_error", "down")));
		const error = await rejects(ask(routerOf(instances, { chat: { maxAttempts: 2 } }), watched()));
		assert.equal(outcomes(error.explanation?.attempts), [
			["a", "backend_error"],
			["b", "backend_error"],
		]);
	});

	test(`${way}: a request does not fall back when it names its instance`, async () => {
		const router = routerOf([failing("a", () => new SpearError("rate_limited", "busy")), fakeInstance("b")]);
		const error = await rejects(ask(router, watched(), chatEnvelope({ routing: routing({ backend: "a" }) })));
		assert.equal(outcomes(error.explanation?.attempts), [["a", "rate_limited"]]);
	});

	test(`${way}: all attempts share one deadline`, async () => {
		const clock = new FakeClock();
		const slow = takes(clock, 6, () => {
			throw new SpearError("timeout", "no answer began");
		});
		const first = fakeInstance("a", {
			unary: slow,
			// biome-ignore lint/correctness/useYield: it fails first
			async *stream(context) {
				await slow(context);
			},
		});
		const second = fakeInstance("b", {
			unary: untilAborted,
			// biome-ignore lint/correctness/useYield: it never answers
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
			error.explanation?.attempts.map(({ backend, failure, latency_ms }) => ({ backend, failure, latency_ms })),
			[
				{ backend: "a", failure: "timeout", latency_ms: 6 },
				{ backend: "b", failure: "timeout", latency_ms: 4 },
			],
		);
	});

	test(`${way}: a request falls back when an attempt has no output within its timeout`, async () => {
		const clock = new FakeClock();
		const silent = fakeInstance("a", {
			unary: untilAborted,
			// biome-ignore lint/correctness/useYield: it never answers
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

	test(`${way}: a request does not fall back when it was aborted`, async () => {
		const abort = new AbortController();
		const router = routerOf([
			failing("a", () => {
				abort.abort(new SpearError("cancelled", "enough"));
				return new SpearError("backend_error", "broke off", { retryable: true });
			}),
			fakeInstance("b"),
		]);
		const error = await rejects(ask(router, watched({ signal: abort.signal })));
		assert.equal(
			{ code: error.code, attempts: error.explanation?.attempts.map(({ backend }) => backend) },
			{ code: "cancelled", attempts: ["a"] },
		);
	});
}

test("an attempt's signal is not aborted when the attempt has failed before the request is aborted", async () => {
	const abort = new AbortController();
	let failedSignal: AbortSignal | undefined;
	const first = fakeInstance("a", {
		unary: async ({ signal }) => {
			failedSignal = signal;
			throw new SpearError("backend_error", "down");
		},
	});
	const router = routerOf([first, fakeInstance("b", { unary: untilAborted })], { clock: new FakeClock() });
	const call = rejects(router.unary(chatEnvelope(), watched({ signal: abort.signal })));
	await settled();
	abort.abort(new SpearError("cancelled", "enough"));
	await call;
	assert.is(failedSignal?.aborted, false);
});

test("a request holds one lease at each moment when it falls back", async () => {
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

test("an answer reports every attempt and their total time", async () => {
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
