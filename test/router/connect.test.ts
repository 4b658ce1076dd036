import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../generated/backends/backend.ts";
import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Instance } from "../../src/router/instance.ts";
import { roundRobin } from "../../src/router/policy.ts";
import { type RouteDecision, Router } from "../../src/router/router.ts";
import { NO_MEDIA } from "../backends/context.ts";
import { NO_OPERATIONS } from "../helpers/instances.ts";
import { ScriptedChannel } from "../helpers/scripted-channel.ts";

const NEVER = new AbortController().signal;

function instanceOf(name: string, connect: (context: BackendContext) => Promise<RealtimeVoiceChannel>): Instance {
	const operations = { ...NO_OPERATIONS, realtime_voice: { connect: (_: unknown, context: BackendContext) => connect(context) } };
	return {
		name,
		kind: "fake",
		backend: { operations, capabilities: {}, close: async () => {} },
		operations: new Map([["realtime_voice", { features: new Set(), transports: new Set(["bidi_stream"]), models: [], voices: [] }]]),
		hasKey: () => true,
		inFlight: 0,
	};
}

function request(more: Partial<RequestEnvelope<"realtime_voice">> = {}): RequestEnvelope<"realtime_voice"> {
	return {
		version: 1,
		request_id: "r1",
		operation: "realtime_voice",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
		payload: { mode: "conversation", tools: [], model: "m" },
		extra: {},
		...more,
	};
}

function routerOf(...instances: Instance[]): Router {
	return new Router({ instances, policy: roundRobin(), routes: new Map(), now: () => 0 });
}

test("a session holds its lease until its end is told, once", async () => {
	const channel = new ScriptedChannel();
	const instance = instanceOf("a", async () => channel);
	const decisions: RouteDecision[] = [];
	const connection = await routerOf(instance).connect(request(), {
		media: NO_MEDIA,
		signal: NEVER,
		onDecision: (decision) => decisions.push(decision),
	});
	assert.is(connection.channel, channel);
	assert.equal([instance.inFlight, decisions.length, decisions[0]?.explanation.chosen], [1, 1, "a"]);
	const failure = connection.end(new SpearError("backend_error", "broke"));
	assert.equal([failure?.message, failure?.operation, instance.inFlight], ["broke", "realtime_voice", 0]);
	assert.is(connection.end(), undefined);
	assert.is(instance.inFlight, 0);
});

test("the deadline is for connecting only, the signal for the whole session", async () => {
	const run = new AbortController();
	let given: AbortSignal | undefined;
	const router = routerOf(
		instanceOf("a", async ({ signal }) => {
			given = signal;
			return new ScriptedChannel();
		}),
	);
	const { end } = await router.connect(request({ timeout_ms: 20 }), { media: NO_MEDIA, signal: run.signal });
	await new Promise((resolve) => setTimeout(resolve, 40));
	assert.is(given?.aborted, false);
	run.abort();
	assert.is(given?.aborted, true);
	end();
});

test("connecting that takes too long ends with timeout, and leaves no lease", async () => {
	const instance = instanceOf(
		"a",
		({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
	);
	const [outcome] = await Promise.allSettled([routerOf(instance).connect(request({ timeout_ms: 10 }), { media: NO_MEDIA, signal: NEVER })]);
	assert.ok(outcome?.status === "rejected" && outcome.reason instanceof SpearError);
	assert.equal([outcome.reason.code, outcome.reason.explanation?.attempts[0]?.failure, instance.inFlight], ["timeout", "timeout", 0]);
});

test("an instance that cannot be connected to gives way to the next", async () => {
	const down = instanceOf("a", () => Promise.reject(new SpearError("backend_error", "down", { retryable: true })));
	const channel = new ScriptedChannel();
	const up = instanceOf("b", async () => channel);
	const connection = await routerOf(down, up).connect(request(), { media: NO_MEDIA, signal: NEVER });
	assert.is(connection.channel, channel);
	assert.equal([down.inFlight, up.inFlight], [0, 1]);
	connection.end();
	assert.is(up.inFlight, 0);
});

test.run();
