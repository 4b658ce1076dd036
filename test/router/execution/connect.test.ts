import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { RealtimeVoiceChannel } from "../../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { ScriptedChannel } from "../../helpers/scripted-channel.ts";
import { inFlight, outcomes, rejects, serving, untilAborted, watched } from "../calls.ts";

type Connect = (context: BackendContext) => Promise<RealtimeVoiceChannel>;

function instanceOf(name: string, connect: Connect, options: FakeInstanceOptions = {}): Instance {
	const instance = fakeInstance(name, { operations: ["realtime_voice"], transports: ["bidi_stream"], ...options });
	return serving(instance, { realtime_voice: { connect: (_, context) => connect(context) } });
}

function request(more: Partial<RequestEnvelope<"realtime_voice">> = {}): RequestEnvelope<"realtime_voice"> {
	return {
		...chatEnvelope(),
		operation: "realtime_voice",
		requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
		payload: { mode: "conversation", tools: [], model: "m" },
		...more,
	};
}

const down = (name: string): Instance =>
	instanceOf(name, () => Promise.reject(new SpearError("backend_error", "down", { retryable: true })));

test("a session holds its lease until its end is told, once", async () => {
	const channel = new ScriptedChannel();
	const instance = instanceOf("a", async () => channel);
	const context = watched();
	const connection = await routerOf([instance]).connect(request(), context);
	assert.is(connection.channel, channel);
	assert.equal([inFlight(instance), context.decisions.length, context.decisions[0]?.explanation.chosen], [[1], 1, "a"]);
	const failure = connection.end(new SpearError("backend_error", "broke"));
	assert.equal([failure?.message, failure?.operation, inFlight(instance)], ["broke", "realtime_voice", [0]]);
	assert.is(connection.end(), undefined);
	assert.equal([inFlight(instance), context.decisions.length], [[0], 1]);
});

test("the deadline is for connecting only, the signal for the whole session", async () => {
	const clock = new FakeClock();
	const run = new AbortController();
	let given: AbortSignal | undefined;
	const instance = instanceOf("a", async ({ signal }) => {
		given = signal;
		return new ScriptedChannel();
	});
	const { end } = await routerOf([instance], { clock }).connect(request({ timeout_ms: 20 }), watched({ signal: run.signal }));
	await clock.advance(40);
	assert.is(given?.aborted, false);
	run.abort();
	assert.is(given?.aborted, true);
	end();
});

test("connecting that takes too long ends with timeout, and leaves no lease", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", untilAborted);
	const call = rejects(routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched()));
	await clock.advance(10);
	const error = await call;
	assert.equal([error.code, outcomes(error.explanation?.attempts), inFlight(instance)], ["timeout", [["a", "timeout"]], [0]]);
});

test("a channel that opens when nobody waits for it any more is closed", async () => {
	const clock = new FakeClock();
	const channel = new ScriptedChannel();
	const instance = instanceOf("a", () => new Promise((resolve) => void clock.after(20, () => resolve(channel))));
	const call = rejects(routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched()));
	await clock.advance(20);
	assert.equal([(await call).code, channel.closed, inFlight(instance)], ["timeout", true, [0]]);
});

test("an instance that cannot be connected to gives way to the next", async () => {
	const channel = new ScriptedChannel();
	const [first, second] = [down("a"), instanceOf("b", async () => channel)];
	const connection = await routerOf([first, second]).connect(request(), watched());
	assert.is(connection.channel, channel);
	assert.equal(inFlight(first, second), [0, 1]);
	connection.end();
	assert.equal(inFlight(second), [0]);
});

test("a session as long as its backend allows is aborted, and the backend is not to blame", async () => {
	const clock = new FakeClock();
	let given: AbortSignal | undefined;
	const connect: Connect = async ({ signal }) => {
		given = signal;
		return new ScriptedChannel();
	};
	const instance = instanceOf("a", connect, { limits: { session_seconds: 60 } });
	const { end } = await routerOf([instance], { clock }).connect(request(), watched());
	await clock.advance(59_999);
	assert.is(given?.aborted, false);
	await clock.advance(1);
	assert.ok(given?.reason instanceof SpearError);
	assert.equal([given.reason.code, given.reason.message], ["timeout", "the backend allows sessions of 60 seconds; open another one"]);
	end(given.reason);
	assert.equal([inFlight(instance), instance.stats.breaker.failures], [[0], 0]);
});

test("a session that has ended sets no timer off", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", async () => new ScriptedChannel(), { limits: { session_seconds: 60 } });
	const { end } = await routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched());
	end();
	assert.is(clock.pending, 0);
});

test("a session counts against what its guest may have at a time until it ends", async () => {
	const router = routerOf([instanceOf("a", async () => new ScriptedChannel())], {
		guests: { "*": { concurrency: 1, routes: new Map() } },
	});
	const { end } = await router.connect(request(), watched());
	assert.is((await rejects(router.connect(request(), watched()))).code, "rate_limited");
	end();
	(await router.connect(request(), watched())).end();
});

test("a session that stands has brought its backend back, however long it lasts", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", async () => new ScriptedChannel());
	for (let i = 0; i < 5; i++) instance.stats.breaker.fail(false, 0);
	clock.pass(6_000);
	const router = routerOf([instance], { clock, settings: { queueTimeoutMs: 0 } });
	const trial = await router.connect(request(), watched());
	const another = await router.connect(request(), watched());
	assert.equal(inFlight(instance), [2]);
	trial.end();
	another.end();
});

test.run();
