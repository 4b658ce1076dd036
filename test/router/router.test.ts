/** One request at one backend: answer, failure, abort and deadline. */
import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { fakeInstance } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { collect, failing, inFlight, rejects, routing, served, TEXT, untilAborted, watched } from "./calls.ts";

test("requests go to eligible instances in turn by round robin", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { hasKey: false }), fakeInstance("c")]);
	assert.equal(await served(router, 4), ["a", "c", "a", "c"]);
});

test("a request goes to the first of its preferred instances", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c")]);
	assert.equal(await served(router, 1, chatEnvelope({ routing: routing({ preferred: ["c", "b"] }) })), ["c"]);
});

test("a request goes to its next preferred instance when the first is unavailable", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c", { hasKey: false })]);
	assert.equal(await served(router, 2, chatEnvelope({ routing: routing({ preferred: ["unknown", "c", "b"] }) })), ["b", "b"]);
});

test("a decision reports request, outcome and explanation", async () => {
	const context = watched();
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { hasKey: false })], { clock: new FakeClock() });
	await router.unary(chatEnvelope(), context);
	const [decision, ...more] = context.decisions;
	assert.equal(more, []);
	assert.equal(
		{ requestId: decision?.requestId, operation: decision?.operation, chosen: decision?.chosen, error: decision?.error },
		{ requestId: "r1", operation: "chat_completions", chosen: "a", error: undefined },
	);
	assert.equal(decision?.explanation, {
		operation: "chat_completions",
		required_features: [],
		required_transports: ["unary"],
		candidates_checked: 2,
		eligible: ["a"],
		rejected: [{ backend: "b", reason: "no_key" }],
		policy: "round_robin",
		chosen: "a",
		attempts: [{ backend: "a", latency_ms: 0, role: "first", start_ms: 0, first_output_ms: 0 }],
		considered: [{ backend: "a", in_flight: 0 }],
		events: [],
	});
});

test("a request fails with the reason of each instance when none is eligible", async () => {
	const error = await rejects(routerOf([fakeInstance("a", { hasKey: false })]).unary(chatEnvelope(), watched()));
	assert.equal(
		{ code: error.code, operation: error.operation, retryable: error.retryable },
		{ code: "no_candidate_backend", operation: "chat_completions", retryable: false },
	);
	assert.is(error.message, "no backend can serve chat_completions: a: no_key");
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "no_key" }]);
});

test("a request fails with missing_capabilities when every instance lacks a feature", async () => {
	const requirements = { required_ops: [], required_features: ["supports_vision"], required_transports: [] };
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { operations: ["embeddings"] })]);
	const error = await rejects(router.unary(chatEnvelope({ requirements }), watched()));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "no backend for chat_completions offers supports_vision");
});

test("a backend's error carries the explanation and its attempt", async () => {
	const slow = failing("a", () => new SpearError("rate_limited", "slow down", { retryAfterMs: 1500 }));
	const error = await rejects(routerOf([slow], { clock: new FakeClock() }).unary(chatEnvelope(), watched()));
	assert.equal({ code: error.code, retryAfterMs: error.retryAfterMs }, { code: "rate_limited", retryAfterMs: 1500 });
	assert.equal(error.explanation?.attempts, [
		{ backend: "a", latency_ms: 0, failure: "rate_limited", detail: "slow down", role: "first", start_ms: 0 },
	]);
	assert.equal(inFlight(slow), [0]);
});

test("an unknown exception of a backend is an internal error without its text", async () => {
	const error = await rejects(routerOf([failing("a", () => new TypeError("secret detail"))]).unary(chatEnvelope(), watched()));
	assert.is(error.code, "internal");
	assert.not.match(JSON.stringify(error), /secret detail/);
});

test("a request ends at its deadline when the backend ignores its signal", async () => {
	const clock = new FakeClock();
	const unresponsive = fakeInstance("a", { unary: () => new Promise(() => {}) });
	const call = rejects(routerOf([unresponsive], { clock }).unary(chatEnvelope({ timeout_ms: 5 }), watched()));
	await clock.advance(4);
	assert.equal(inFlight(unresponsive), [1]);
	await clock.advance(1);
	assert.is((await call).code, "timeout");
	assert.equal({ inFlight: inFlight(unresponsive), timers: clock.pending }, { inFlight: [0], timers: 0 });
});

test("an aborted request ends with the abort's reason, and the backend's signal is aborted", async () => {
	const clock = new FakeClock();
	const controller = new AbortController();
	let seen: AbortSignal | undefined;
	const waiting = fakeInstance("a", {
		unary: (context) => {
			seen = context.signal;
			return untilAborted(context);
		},
	});
	const call = rejects(routerOf([waiting], { clock }).unary(chatEnvelope(), watched({ signal: controller.signal })));
	await clock.advance(0);
	assert.equal(inFlight(waiting), [1]);
	controller.abort(new SpearError("cancelled", "enough"));
	assert.is((await call).message, "enough");
	assert.equal({ aborted: seen?.aborted, inFlight: inFlight(waiting) }, { aborted: true, inFlight: [0] });
});

test("a request makes no attempt when it was aborted before", async () => {
	let asked = 0;
	const instance = fakeInstance("a", {
		unary: async () => {
			asked += 1;
			return chatResponse("a");
		},
	});
	const signal = AbortSignal.abort(new SpearError("cancelled", "too late"));
	const error = await rejects(routerOf([instance]).unary(chatEnvelope(), watched({ signal })));
	assert.equal(
		{ message: error.message, attempts: error.explanation?.attempts, asked, inFlight: inFlight(instance) },
		{ message: "too late", attempts: [], asked: 0, inFlight: [0] },
	);
});

test("an observer of the decision can send another request when the operation has a limit of one", async () => {
	const router = routerOf([fakeInstance("a")], { chat: { concurrency: 1 } });
	let next: Promise<unknown> | undefined;
	const onDecision = (): void => {
		next = router.unary(chatEnvelope(), watched());
	};
	await router.unary(chatEnvelope(), watched({ onDecision }));
	await next;
	assert.ok(next !== undefined);
});

test("a caller's signal has no listener after its requests have ended", async () => {
	const { signal } = new AbortController();
	const router = routerOf([fakeInstance("a"), failing("b", () => new SpearError("invalid_request", "no"))]);
	await router.unary(chatEnvelope(), watched({ signal }));
	await rejects(router.unary(chatEnvelope(), watched({ signal })));
	await collect(router.stream(chatEnvelope(), watched({ signal })));
	assert.is(getEventListeners(signal, "abort").length, 0);
});

test("a stream holds its lease until it has completed", async () => {
	const events: cchat.Event[] = [TEXT, { type: "completed", completed: chatResponse("a") }];
	const instance = fakeInstance("a", {
		async *stream() {
			yield* events;
		},
	});
	const stream = routerOf([instance]).stream(chatEnvelope(), watched());
	assert.equal((await stream.next()).value, events[0]);
	assert.equal(inFlight(instance), [1]);
	assert.equal(await collect(stream), [events[1]]);
	assert.equal(inFlight(instance), [0]);
});

test("a stream releases its lease, aborts the backend and records a cancelled attempt when it is not read to its end", async () => {
	let seen: AbortSignal | undefined;
	const instance = fakeInstance("a", {
		async *stream(context) {
			seen = context.signal;
			yield TEXT;
			await untilAborted(context);
		},
	});
	const context = watched();
	const stream = routerOf([instance]).stream(chatEnvelope(), context);
	await stream.next();
	await stream.return(undefined);
	assert.equal(
		{ inFlight: inFlight(instance), decisions: context.decisions.length, aborted: seen?.aborted },
		{ inFlight: [0], decisions: 1, aborted: true },
	);
	assert.is(context.decisions[0]?.error?.code, "cancelled");
});

test("a stream throws its failure with the explanation", async () => {
	const instance = fakeInstance("a", {
		async *stream() {
			yield TEXT;
			throw new SpearError("backend_error", "cut off");
		},
	});
	const error = await rejects(collect(routerOf([instance]).stream(chatEnvelope(), watched())));
	assert.is(error.code, "backend_error");
	assert.is(error.explanation?.attempts[0]?.detail, "cut off");
	assert.equal(inFlight(instance), [0]);
});

test("a stream reads no event after completed", async () => {
	let readAfterEnd = false;
	const chatty = fakeInstance("a", {
		async *stream() {
			yield { type: "completed", completed: chatResponse("a") };
			readAfterEnd = true;
			yield TEXT;
		},
	});
	assert.is((await collect(routerOf([chatty]).stream(chatEnvelope(), watched()))).length, 1);
	assert.is(readAfterEnd, false);
});

test.run();
