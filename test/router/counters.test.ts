/** Counters of requests in flight return to 0, for any outcomes in any order. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../generated/backends/backend.ts";
import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Connection } from "../../src/router/execution/run-request.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import type { Router } from "../../src/router/router.ts";
import { DEFAULT_ROUTER, type RouteSettings } from "../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../helpers/chat.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { fakeInstance } from "../helpers/instances.ts";
import { routerOf } from "../helpers/router.ts";
import { ScriptedChannel } from "../helpers/scripted-channel.ts";
import { routing, takes, watched } from "./calls.ts";

/** The behaviour of a backend at its next call. */
const BEHAVIOUR = fc.record({
	ms: fc.constantFrom(0, 5, 30, 80, 1_000),
	end: fc.constantFrom("answer", "answer", "answer", "500", "429", "401", "400", "break off"),
	deaf: fc.boolean(),
});
type Behaviour = typeof BEHAVIOUR extends fc.Arbitrary<infer T> ? T : never;

/** The next action of a guest. */
const ACTION = fc.record({
	way: fc.constantFrom("unary", "stream", "connect"),
	guest: fc.constantFrom("one", "two"),
	/** Milliseconds until the caller aborts; never when absent. */
	patience: fc.option(fc.constantFrom(0, 10, 60), { nil: undefined }),
	timeout_ms: fc.constantFrom(20, 100, 3_000),
	/** Events that are read of a stream; all when absent. */
	reads: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
	session: fc.option(fc.constantFrom("x"), { nil: undefined }),
	wait: fc.constantFrom(0, 0, 7, 50, 500),
});
type Action = typeof ACTION extends fc.Arbitrary<infer T> ? T : never;

function failureOf(end: Behaviour["end"]): SpearError | undefined {
	switch (end) {
		case "500":
			return new SpearError("backend_error", "HTTP 500", { retryable: true });
		case "429":
			return new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 40 });
		case "401":
			return new SpearError("backend_error", "HTTP 401", { attribution: "credentials" });
		case "400":
			return new SpearError("invalid_request", "HTTP 400");
		default:
			return undefined;
	}
}

/** An instance with one behaviour after another. */
function scripted(name: string, clock: FakeClock, behaviours: readonly Behaviour[]): Instance {
	let turn = 0;
	const begin = async (context: BackendContext): Promise<Behaviour> => {
		const next = behaviours[turn++ % behaviours.length] ?? { ms: 0, end: "answer", deaf: false };
		const signal = next.deaf ? new AbortController().signal : context.signal;
		await takes(clock, next.ms, () => {})({ signal });
		const failure = failureOf(next.end);
		if (failure !== undefined) throw failure;
		return next;
	};
	const instance = fakeInstance(name, {
		operations: ["chat_completions", "realtime_voice"],
		transports: ["unary", "server_stream", "bidi_stream"],
		concurrency: 3,
		rates: { requestsPerMinute: { amount: 600, ofOperation: false } },
		unary: async (context) => {
			await begin(context);
			return chatResponse(name);
		},
		async *stream(context): AsyncGenerator<cchat.Event> {
			const { end } = await begin(context);
			yield { type: "text", text: name };
			if (end === "break off") throw new SpearError("backend_error", "broke off");
			yield { type: "completed", completed: chatResponse(name) };
		},
	});
	const connect = async (_: unknown, context: BackendContext): Promise<RealtimeVoiceChannel> => {
		await begin(context);
		return new ScriptedChannel();
	};
	return { ...instance, backend: { ...instance.backend, operations: { ...instance.backend.operations, realtime_voice: { connect } } } };
}

/** Executes an action to its end. Established sessions are added to `sessions`. */
async function act(router: Router, clock: FakeClock, action: Action, sessions: Connection<"realtime_voice">[]): Promise<void> {
	const { way, guest, patience, timeout_ms, reads, session } = action;
	const abort = new AbortController();
	if (patience !== undefined) clock.after(patience, () => abort.abort(new SpearError("cancelled", "enough")));
	const context = watched({ signal: abort.signal, guest: { id: guest } });
	const request = chatEnvelope({ timeout_ms, routing: routing(session === undefined ? {} : { session_key: session }) });
	try {
		if (way === "unary") await router.unary(request, context);
		else if (way === "stream") {
			let left = reads ?? Number.POSITIVE_INFINITY;
			for await (const _ of router.stream(request, context)) if (left-- <= 0) break;
		} else {
			const payload = { mode: "conversation" as const, tools: [], model: "m" };
			sessions.push(await router.connect({ ...request, operation: "realtime_voice", payload }, context));
		}
	} catch (thrown) {
		if (!(thrown instanceof SpearError)) throw thrown;
	}
	assert.is(context.decisions.length, 1);
}

const HEDGED: RouteSettings = {
	policy: "least_inflight",
	hedge: { attempts: 2, after: { delayMs: 20 }, ratio: 1 },
	firstEventTimeoutMs: 70,
};

test("nothing is in flight after any sequence of answers, failures, cancellations, timeouts, hedges, streams and sessions", async () => {
	const scripts = fc.array(fc.array(BEHAVIOUR, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
	const actions = fc.array(ACTION, { minLength: 1, maxLength: 15 });
	await fc.assert(
		fc.asyncProperty(scripts, actions, fc.constantFrom<RouteSettings>({ policy: "round_robin" }, HEDGED), async (all, todo, route) => {
			const clock = new FakeClock();
			const instances = all.map((behaviours, index) => scripted(`i${index}`, clock, behaviours));
			const router = routerOf(instances, {
				clock,
				routes: new Map([
					["chat_completions", { ...route, concurrency: 10 }],
					["realtime_voice", { policy: "least_inflight", concurrency: 10 }],
				]),
				guests: { "*": { concurrency: 5, tokensPerMinute: 1_000_000, routes: new Map() } },
				settings: { retryRatio: 1, queueTimeoutMs: 100, maxPendingRequests: 4 },
			});
			const sessions: Connection<"realtime_voice">[] = [];
			const acting: Promise<void>[] = [];
			for (const action of todo) {
				acting.push(act(router, clock, action, sessions));
				await clock.advance(action.wait);
			}
			await clock.advance(10_000);
			await Promise.all(acting);
			for (const [index, { end }] of sessions.entries()) end(index % 2 === 0 ? undefined : new SpearError("backend_error", "broke"));
			assert.is(clock.pending, 0);
			clock.pass(120_000);
			for (const { stats } of instances) {
				assert.ok(stats.health("chat_completions").breaker.permits(clock.now()), "a breaker waits for a trial that never ends");
				const { inFlight } = stats;
				assert.equal(
					{ inFlight, chats: stats.inFlightOf("chat_completions"), sessions: stats.inFlightOf("realtime_voice") },
					{ inFlight: 0, chats: 0, sessions: 0 },
				);
			}
			await assertAllAdmitted(instances, router, clock);
		}),
		{ numRuns: 120 },
	);
});

/** Asserts that guests and operations have no request in flight: each may have its maximum, and no more. */
async function assertAllAdmitted(instances: readonly Instance[], router: Router, clock: FakeClock): Promise<void> {
	const quiet = fakeInstance("quiet", { unary: (context) => takes(clock, 1, () => chatResponse("quiet"))(context) });
	void router.configure({
		instances: [quiet, ...instances],
		routes: new Map([["chat_completions", { allow: ["quiet"], concurrency: 10 }]]),
		guests: new Map([["*", { concurrency: 5, routes: new Map() }]]),
		settings: DEFAULT_ROUTER,
	});
	const ask = (id: string): Promise<string> =>
		router.unary(chatEnvelope(), watched({ guest: { id } })).then(
			() => "served",
			({ code }) => code,
		);
	const calls = Array.from({ length: 11 }, (_, index) => ask(index < 6 ? "one" : "two"));
	await clock.advance(1);
	const ends = await Promise.all(calls);
	assert.equal(ends, [...Array(5).fill("served"), "rate_limited", ...Array(5).fill("served")]);
}

test.run();
