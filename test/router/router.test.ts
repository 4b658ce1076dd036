import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Instance } from "../../src/router/instance.ts";
import { roundRobin } from "../../src/router/policy.ts";
import { type RouteDecision, Router } from "../../src/router/router.ts";
import { NO_MEDIA } from "../backends/context.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { fakeInstance } from "../helpers/instances.ts";

const NEVER = new AbortController().signal;

function routerOf(...instances: Instance[]): Router {
	return new Router({ instances, policy: roundRobin(), routes: new Map(), now: () => 0 });
}

async function rejects(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		if (thrown instanceof SpearError) return thrown;
	}
	throw new Error("did not reject");
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
	const items: T[] = [];
	for await (const item of source) items.push(item);
	return items;
}

/** Settles when its signal is aborted, and only then. */
function untilAborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

test("round robin takes eligible instances in turn", async () => {
	const router = routerOf(fakeInstance("a"), fakeInstance("b", { hasKey: false }), fakeInstance("c"));
	const served: string[] = [];
	for (let i = 0; i < 4; i++) served.push((await router.unary(chatEnvelope(), { media: NO_MEDIA, signal: NEVER })).backend.instance);
	assert.equal(served, ["a", "c", "a", "c"]);
});

test("preferred instances go first, in the order the request names them", async () => {
	const router = routerOf(fakeInstance("a"), fakeInstance("b"), fakeInstance("c"));
	const request = chatEnvelope({ routing: { allowlist: [], denylist: [], preferred: ["c", "b"] } });
	const { backend } = await router.unary(request, { media: NO_MEDIA, signal: NEVER });
	assert.is(backend.instance, "c");
});

test("a decision explains every instance exactly once", async () => {
	const decisions: RouteDecision[] = [];
	const router = routerOf(fakeInstance("a"), fakeInstance("b", { hasKey: false }));
	await router.unary(chatEnvelope(), { media: NO_MEDIA, signal: NEVER, onDecision: (decision) => decisions.push(decision) });
	assert.equal(decisions, [
		{
			requestId: "r1",
			explanation: {
				operation: "chat_completions",
				required_features: [],
				required_transports: ["unary"],
				candidates_checked: 2,
				eligible: ["a"],
				rejected: [{ backend: "b", reason: "no_key" }],
				policy: "round_robin",
				chosen: "a",
				attempts: [{ backend: "a", latency_ms: 0 }],
			},
		},
	]);
});

test("without a candidate the error says why each was passed over", async () => {
	const error = await rejects(routerOf(fakeInstance("a", { hasKey: false })).unary(chatEnvelope(), { media: NO_MEDIA, signal: NEVER }));
	assert.is(error.code, "no_candidate_backend");
	assert.is(error.message, "no backend can serve chat_completions: a: no_key");
	assert.equal(error.explanation?.rejected, [{ backend: "a", reason: "no_key" }]);
	assert.is(error.operation, "chat_completions");
});

test("when capabilities alone are to blame the code says so", async () => {
	const requirements = { required_ops: [], required_features: ["supports_vision"], required_transports: [] };
	const router = routerOf(fakeInstance("a"), fakeInstance("b", { operations: ["embeddings"] }));
	const error = await rejects(router.unary(chatEnvelope({ requirements }), { media: NO_MEDIA, signal: NEVER }));
	assert.is(error.code, "missing_capabilities");
	assert.is(error.message, "no backend for chat_completions offers supports_vision");
});

test("a backend's failure carries the explanation and its attempt", async () => {
	const failing = fakeInstance("a", {
		unary: async () => {
			throw new SpearError("rate_limited", "slow down", { retryAfterMs: 1500 });
		},
	});
	const error = await rejects(routerOf(failing).unary(chatEnvelope(), { media: NO_MEDIA, signal: NEVER }));
	assert.is(error.code, "rate_limited");
	assert.is(error.retryAfterMs, 1500);
	assert.equal(error.explanation?.attempts, [{ backend: "a", latency_ms: 0, failure: "rate_limited", detail: "slow down" }]);
	assert.is(failing.inFlight, 0);
});

test("what a backend throws that is no SpearError is an internal error whose text the guest does not see", async () => {
	const failing = fakeInstance("a", {
		unary: async () => {
			throw new TypeError("secret detail");
		},
	});
	const error = await rejects(routerOf(failing).unary(chatEnvelope(), { media: NO_MEDIA, signal: NEVER }));
	assert.is(error.code, "internal");
	assert.not.match(JSON.stringify(error), /secret detail/);
});

test("the deadline ends a backend that ignores its signal", async () => {
	const deaf = fakeInstance("a", { unary: () => new Promise(() => {}) });
	const error = await rejects(routerOf(deaf).unary(chatEnvelope({ timeout_ms: 5 }), { media: NO_MEDIA, signal: NEVER }));
	assert.is(error.code, "timeout");
	assert.is(deaf.inFlight, 0);
});

test("an abort ends the call with the reason it was given and reaches the backend", async () => {
	const controller = new AbortController();
	let seen: AbortSignal | undefined;
	const waiting = fakeInstance("a", {
		unary: ({ signal }) => {
			seen = signal;
			return untilAborted(signal);
		},
	});
	const call = rejects(routerOf(waiting).unary(chatEnvelope(), { media: NO_MEDIA, signal: controller.signal }));
	assert.is(waiting.inFlight, 1);
	controller.abort(new SpearError("cancelled", "enough"));
	assert.is((await call).message, "enough");
	assert.is(seen?.aborted, true);
	assert.is(waiting.inFlight, 0);
});

test("a stream passes events on and holds its lease until it has completed", async () => {
	const events: cchat.Event[] = [
		{ type: "text", text: "a" },
		{ type: "completed", completed: chatResponse("a") },
	];
	const instance = fakeInstance("a", {
		async *stream() {
			yield* events;
		},
	});
	const stream = routerOf(instance).stream(chatEnvelope(), { media: NO_MEDIA, signal: NEVER });
	assert.equal((await stream.next()).value, events[0]);
	assert.is(instance.inFlight, 1);
	assert.equal(await collect(stream), [events[1]]);
	assert.is(instance.inFlight, 0);
});

test("a stream given up early releases its lease and records a cancelled attempt", async () => {
	const decisions: RouteDecision[] = [];
	const instance = fakeInstance("a", {
		async *stream({ signal }) {
			yield { type: "text", text: "a" };
			await untilAborted(signal);
		},
	});
	const stream = routerOf(instance).stream(chatEnvelope(), {
		media: NO_MEDIA,
		signal: NEVER,
		onDecision: (decision) => decisions.push(decision),
	});
	await stream.next();
	await stream.return(undefined);
	assert.is(instance.inFlight, 0);
	assert.is(decisions.length, 1);
	assert.is(decisions[0]?.error?.code, "cancelled");
});

test("a stream's failure is thrown with the explanation", async () => {
	const instance = fakeInstance("a", {
		async *stream() {
			yield { type: "text", text: "a" };
			throw new SpearError("backend_error", "cut off");
		},
	});
	const error = await rejects(collect(routerOf(instance).stream(chatEnvelope(), { media: NO_MEDIA, signal: NEVER })));
	assert.is(error.code, "backend_error");
	assert.is(error.explanation?.attempts[0]?.detail, "cut off");
	assert.is(instance.inFlight, 0);
});

test.run();
