/** What happens when the first choice fails: who is asked next, and when nobody is. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../generated/backends/backend.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Instance } from "../../src/router/instance.ts";
import { roundRobin } from "../../src/router/policy.ts";
import { type RouteContext, type RouteDecision, Router } from "../../src/router/router.ts";
import { NO_MEDIA } from "../backends/context.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { fakeInstance } from "../helpers/instances.ts";

const NEVER = new AbortController().signal;
const TEXT: cchat.Event = { type: "text", text: "a" };

/** A router that goes through its instances in this order. */
function routerOf(...instances: Instance[]): Router {
	return new Router({ instances, policy: roundRobin(), routes: new Map(), now: () => 0 });
}

/** An instance whose every call fails before it gives anything. */
function failing(name: string, error: () => unknown): Instance {
	return fakeInstance(name, {
		unary: async () => {
			throw error();
		},
		// biome-ignore lint/correctness/useYield: it fails first
		async *stream() {
			throw error();
		},
	});
}

/** The context of a call, and what its observer is told. */
function watched(more: Partial<RouteContext> = {}): RouteContext & { readonly decisions: RouteDecision[] } {
	const decisions: RouteDecision[] = [];
	return { media: NO_MEDIA, signal: NEVER, onDecision: (decision) => decisions.push(decision), decisions, ...more };
}

async function collect<T>(source: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
	for await (const item of source) into.push(item);
	return into;
}

async function rejects(promise: Promise<unknown>): Promise<SpearError> {
	const thrown: unknown = await promise.then(
		() => new Error("did not reject"),
		(reason) => reason,
	);
	if (thrown instanceof SpearError) return thrown;
	throw thrown;
}

/** Settles when its signal is aborted, and only then. */
function untilAborted({ signal }: BackendContext): Promise<never> {
	return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

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
			assert.equal(await ask(routerOf(first, second), context), [{ type: "text", text: way === "unary" ? "b" : "done" }]);
			const [decision, ...more] = context.decisions;
			assert.equal(more, []);
			assert.equal(decision?.explanation.eligible, ["a", "b"]);
			assert.is(decision?.explanation.chosen, "b");
			assert.equal(decision?.explanation.attempts, [
				{ backend: "a", latency_ms: 0, failure: code, detail: "not me" },
				{ backend: "b", latency_ms: 0 },
			]);
			assert.equal(decision?.fallenBackFrom, [failure]);
			assert.is(decision?.error, undefined);
			assert.equal([first.inFlight, second.inFlight], [0, 0]);
		});
	}

	for (const code of ["invalid_request", "not_permitted", "cancelled", "internal"] as const) {
		test(`${way}: after ${code} nobody else is asked`, async () => {
			const context = watched();
			const error = await rejects(
				ask(
					routerOf(
						failing("a", () => new SpearError(code, "no")),
						fakeInstance("b"),
					),
					context,
				),
			);
			assert.is(error.code, code);
			assert.equal(error.explanation?.attempts, [{ backend: "a", latency_ms: 0, failure: code, detail: "no" }]);
			assert.is(context.decisions.length, 1);
		});
	}

	test(`${way}: each candidate is asked once, and the last failure is the guest's`, async () => {
		const asked: string[] = [];
		const instances = ["a", "b", "c"].map((name) =>
			failing(name, () => {
				asked.push(name);
				return new SpearError("rate_limited", `${name} is busy`, { retryAfterMs: 5 });
			}),
		);
		const error = await rejects(ask(routerOf(...instances), watched()));
		assert.equal(asked, ["a", "b", "c"]);
		assert.is(error.message, "c is busy");
		assert.is(error.retryAfterMs, 5);
		assert.equal(
			error.explanation?.attempts.map(({ backend }) => backend),
			["a", "b", "c"],
		);
		assert.equal(
			instances.map(({ inFlight }) => inFlight),
			[0, 0, 0],
		);
	});

	test(`${way}: a request that names its backend stays with it`, async () => {
		const routing: types.Routing = { backend: "a", allowlist: [], denylist: [], preferred: [] };
		const router = routerOf(
			failing("a", () => new SpearError("rate_limited", "busy")),
			fakeInstance("b"),
		);
		const error = await rejects(ask(router, watched(), chatEnvelope({ routing })));
		assert.equal(error.explanation?.attempts, [{ backend: "a", latency_ms: 0, failure: "rate_limited", detail: "busy" }]);
	});

	test(`${way}: all attempts share one deadline`, async () => {
		const slow = fakeInstance("b", {
			unary: untilAborted,
			// biome-ignore lint/correctness/useYield: it waits for ever
			async *stream(context) {
				await untilAborted(context);
			},
		});
		const asked = fakeInstance("c");
		const router = routerOf(
			failing("a", () => new SpearError("timeout", "no answer began")),
			slow,
			asked,
		);
		const error = await rejects(ask(router, watched(), chatEnvelope({ timeout_ms: 10 })));
		assert.is(error.code, "timeout");
		assert.match(error.message, "within 10 ms");
		assert.equal(
			error.explanation?.attempts.map(({ backend, failure }) => [backend, failure]),
			[
				["a", "timeout"],
				["b", "timeout"],
			],
		);
	});

	test(`${way}: once the caller has given up nobody else is asked`, async () => {
		const abort = new AbortController();
		const router = routerOf(
			failing("a", () => {
				abort.abort(new SpearError("cancelled", "enough"));
				return new SpearError("backend_error", "broke off", { retryable: true });
			}),
			fakeInstance("b"),
		);
		const error = await rejects(ask(router, watched({ signal: abort.signal })));
		assert.equal(
			error.explanation?.attempts.map(({ backend }) => backend),
			["a"],
		);
	});
}

test("while an attempt runs, it alone holds a lease", async () => {
	const seen: number[][] = [];
	const instances: Instance[] = [];
	const note = (): void => {
		seen.push(instances.map(({ inFlight }) => inFlight));
	};
	instances.push(
		failing("a", () => {
			note();
			return new SpearError("rate_limited", "busy");
		}),
		fakeInstance("b", {
			unary: async () => {
				note();
				return chatResponse("b");
			},
		}),
	);
	await routerOf(...instances).unary(chatEnvelope(), watched());
	assert.equal(seen, [
		[1, 0],
		[0, 1],
	]);
});

test("the envelope of an answer tells of every attempt, and of the time of all of them together", async () => {
	let clock = 0;
	const slowly = (ms: number, then: () => cchat.Response) => async () => {
		clock += ms;
		return then();
	};
	const router = new Router({
		instances: [
			fakeInstance("a", {
				unary: slowly(30, () => {
					throw new SpearError("backend_error", "down");
				}),
			}),
			fakeInstance("b", { unary: slowly(12, () => chatResponse("b")) }),
		],
		policy: roundRobin(),
		routes: new Map(),
		now: () => clock,
	});
	const { backend } = await router.unary(chatEnvelope(), watched());
	assert.equal(backend, {
		name: "fake",
		instance: "b",
		latency_ms: 42,
		attempts: [
			{ backend: "a", latency_ms: 30, failure: "backend_error", detail: "down" },
			{ backend: "b", latency_ms: 12 },
		],
	});
});

test("once a stream has delivered something its failure is the guest's", async () => {
	const broken = fakeInstance("a", {
		async *stream() {
			yield TEXT;
			throw new SpearError("backend_error", "cut off", { retryable: true });
		},
	});
	const context = watched();
	const seen: cchat.Event[] = [];
	const error = await rejects(collect(routerOf(broken, fakeInstance("b")).stream(chatEnvelope(), context), seen));
	assert.equal(seen, [TEXT]);
	assert.is(error.message, "cut off");
	assert.equal(error.explanation?.attempts, [{ backend: "a", latency_ms: 0, failure: "backend_error", detail: "cut off" }]);
	assert.is(context.decisions[0]?.fallenBackFrom, undefined);
});

test("a stream that ends without saying so has failed: before its first event another is asked, after it the guest is told", async () => {
	const ending = (...events: cchat.Event[]): Instance =>
		fakeInstance("a", {
			async *stream() {
				yield* events;
			},
		});
	assert.equal(await collect(routerOf(ending(), fakeInstance("b")).stream(chatEnvelope(), watched())), [
		{ type: "completed", completed: chatResponse("done") },
	]);
	const error = await rejects(collect(routerOf(ending(TEXT), fakeInstance("b")).stream(chatEnvelope(), watched())));
	assert.is(error.code, "backend_error");
	assert.is(error.message, "the backend ended the stream without completing the answer");
	assert.is(error.retryable, true);
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
	assert.is((await collect(routerOf(chatty).stream(chatEnvelope(), watched()))).length, 1);
	assert.is(readOn, false);
});

test.run();
