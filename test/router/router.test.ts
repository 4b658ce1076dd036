/** One request and one backend: what becomes of the answer, the failure, the abort and the deadline. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { fakeInstance } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { collect, failing, inFlight, rejects, routing, served, TEXT, untilAborted, watched } from "./calls.ts";

test("round robin takes eligible instances in turn", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { hasKey: false }), fakeInstance("c")]);
	assert.equal(await served(router, 4), ["a", "c", "a", "c"]);
});

test("preferred instances go first, in the order the request names them", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c")]);
	assert.equal(await served(router, 1, chatEnvelope({ routing: routing({ preferred: ["c", "b"] }) })), ["c"]);
});

test("a preferred instance that cannot take the request gives way to the next one preferred", async () => {
	const router = routerOf([fakeInstance("a"), fakeInstance("b"), fakeInstance("c", { hasKey: false })]);
	assert.equal(await served(router, 2, chatEnvelope({ routing: routing({ preferred: ["nobody", "c", "b"] }) })), ["b", "b"]);
});

test("a decision explains every instance exactly once", async () => {
	const context = watched();
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { hasKey: false })], { clock: new FakeClock() });
	await router.unary(chatEnvelope(), context);
	const [decision, ...more] = context.decisions;
	assert.equal(more, []);
	assert.equal([decision?.requestId, decision?.operation, decision?.chosen, decision?.error], ["r1", "chat_completions", "a", undefined]);
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

test("without a candidate the error says why each was passed over", async () => {
	const error = await rejects(routerOf([fakeInstance("a", { hasKey: false })]).unary(chatEnvelope(), watched()));
	assert.equal([error.code, error.operation, error.retryable], ["no_candidate_backend", "chat_completions", false]);
	assert.is(error.message, "no backend can serve chat_completions: a: no_key");
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "no_key" }]);
});

test("when capabilities alone are to blame the code says so", async () => {
	const requirements = { required_ops: [], required_features: ["supports_vision"], required_transports: [] };
	const router = routerOf([fakeInstance("a"), fakeInstance("b", { operations: ["embeddings"] })]);
	const error = await rejects(router.unary(chatEnvelope({ requirements }), watched()));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "no backend for chat_completions offers supports_vision");
});

test("a backend's failure carries the explanation and its attempt", async () => {
	const slow = failing("a", () => new SpearError("rate_limited", "slow down", { retryAfterMs: 1500 }));
	const error = await rejects(routerOf([slow], { clock: new FakeClock() }).unary(chatEnvelope(), watched()));
	assert.equal([error.code, error.retryAfterMs], ["rate_limited", 1500]);
	assert.equal(error.explanation?.attempts, [
		{ backend: "a", latency_ms: 0, failure: "rate_limited", detail: "slow down", role: "first", start_ms: 0 },
	]);
	assert.equal(inFlight(slow), [0]);
});

test("what a backend throws that is no SpearError is an internal error whose text the guest does not see", async () => {
	const error = await rejects(routerOf([failing("a", () => new TypeError("secret detail"))]).unary(chatEnvelope(), watched()));
	assert.is(error.code, "internal");
	assert.not.match(JSON.stringify(error), /secret detail/);
});

test("the deadline ends a backend that ignores its signal", async () => {
	const clock = new FakeClock();
	const deaf = fakeInstance("a", { unary: () => new Promise(() => {}) });
	const call = rejects(routerOf([deaf], { clock }).unary(chatEnvelope({ timeout_ms: 5 }), watched()));
	await clock.advance(4);
	assert.equal(inFlight(deaf), [1]);
	await clock.advance(1);
	assert.is((await call).code, "timeout");
	assert.equal([inFlight(deaf), clock.pending], [[0], 0]);
});

test("an abort ends the call with the reason it was given and reaches the backend", async () => {
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
	assert.equal([seen?.aborted, inFlight(waiting)], [true, [0]]);
});

test("a call that is aborted before it begins reaches no backend", async () => {
	let asked = 0;
	const instance = fakeInstance("a", {
		unary: async () => {
			asked += 1;
			return chatResponse("a");
		},
	});
	const signal = AbortSignal.abort(new SpearError("cancelled", "too late"));
	const error = await rejects(routerOf([instance]).unary(chatEnvelope(), watched({ signal })));
	assert.equal([error.message, error.explanation?.attempts, asked, inFlight(instance)], ["too late", [], 0, [0]]);
});

test("a stream passes events on and holds its lease until it has completed", async () => {
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

test("a stream given up early releases its lease, aborts the backend and records a cancelled attempt", async () => {
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
	assert.equal([inFlight(instance), context.decisions.length, seen?.aborted], [[0], 1, true]);
	assert.is(context.decisions[0]?.error?.code, "cancelled");
});

test("a stream's failure is thrown with the explanation", async () => {
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

test("nothing is read of a stream after its end", async () => {
	let readOn = false;
	const chatty = fakeInstance("a", {
		async *stream() {
			yield { type: "completed", completed: chatResponse("a") };
			readOn = true;
			yield TEXT;
		},
	});
	assert.is((await collect(routerOf([chatty]).stream(chatEnvelope(), watched()))).length, 1);
	assert.is(readOn, false);
});

test.run();
