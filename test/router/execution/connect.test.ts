import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { RealtimeVoiceChannel } from "../../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { REQUEST_FIELDS } from "../../../generated/ir/fields/operations.ts";
import { ruleGroups } from "../../../src/backends/rule-groups.ts";
import { drop, type FieldRules, pass } from "../../../src/backends/rules.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { ScriptedChannel } from "../../helpers/scripted-channel.ts";
import { inFlight, outcomes, rejects, routing, serving, untilAborted, watched } from "../calls.ts";

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

test("a session holds its lease until end is called", async () => {
	const channel = new ScriptedChannel();
	const instance = instanceOf("a", async () => channel);
	const context = watched();
	const connection = await routerOf([instance]).connect(request(), context);
	assert.is(connection.channel, channel);
	assert.equal(
		{ inFlight: inFlight(instance), decisions: context.decisions.length, chosen: context.decisions[0]?.explanation.chosen },
		{ inFlight: [1], decisions: 1, chosen: "a" },
	);
	const failure = connection.end(new SpearError("backend_error", "broke"));
	assert.equal(
		{ message: failure?.message, operation: failure?.operation, inFlight: inFlight(instance) },
		{ message: "broke", operation: "realtime_voice", inFlight: [0] },
	);
	assert.is(connection.end(), undefined);
	assert.equal({ inFlight: inFlight(instance), decisions: context.decisions.length }, { inFlight: [0], decisions: 1 });
});

test("a session has the declared downgrades of its configuration", async () => {
	const rules: FieldRules<"realtime_voice"> = {
		...ruleGroups("realtime_voice").each(REQUEST_FIELDS.realtime_voice.FIELDS, pass),
		language: drop("the model detects the language"),
	};
	const instance = instanceOf("a", async () => new ScriptedChannel(), { rules });
	const spoken = request({ payload: { ...request().payload, language: "de" } });
	const { downgrades, end } = await routerOf([instance]).connect(spoken, watched());
	end();
	assert.equal(downgrades, [{ field: "language", effect: "dropped", detail: "the model detects the language" }]);
});

test("a session is not ended by the deadline of its request, but by its signal", async () => {
	const clock = new FakeClock();
	const run = new AbortController();
	let received: AbortSignal | undefined;
	const instance = instanceOf("a", async ({ signal }) => {
		received = signal;
		return new ScriptedChannel();
	});
	const { end } = await routerOf([instance], { clock }).connect(request({ timeout_ms: 20 }), watched({ signal: run.signal }));
	await clock.advance(40);
	assert.is(received?.aborted, false);
	run.abort();
	assert.is(received?.aborted, true);
	end();
});

test("a session request ends with timeout and holds no lease when the backend does not answer", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", untilAborted);
	const call = rejects(routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched()));
	await clock.advance(10);
	const error = await call;
	assert.equal(
		{ code: error.code, attempts: outcomes(error.explanation?.attempts), inFlight: inFlight(instance) },
		{ code: "timeout", attempts: [["a", "timeout"]], inFlight: [0] },
	);
});

test("a channel is closed when it opens after the deadline", async () => {
	const clock = new FakeClock();
	const channel = new ScriptedChannel();
	const instance = instanceOf("a", () => new Promise((resolve) => void clock.after(20, () => resolve(channel))));
	const call = rejects(routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched()));
	await clock.advance(20);
	assert.equal(
		{ code: (await call).code, closed: channel.closed, inFlight: inFlight(instance) },
		{ code: "timeout", closed: true, inFlight: [0] },
	);
});

test("a session request falls back when an instance cannot be connected", async () => {
	const channel = new ScriptedChannel();
	const [first, second] = [down("a"), instanceOf("b", async () => channel)];
	const connection = await routerOf([first, second]).connect(request(), watched());
	assert.is(connection.channel, channel);
	assert.equal(inFlight(first, second), [0, 1]);
	connection.end();
	assert.equal(inFlight(second), [0]);
});

test("a session is aborted at the model's limit without a failure of the instance", async () => {
	const clock = new FakeClock();
	let received: AbortSignal | undefined;
	const connect: Connect = async ({ signal }) => {
		received = signal;
		return new ScriptedChannel();
	};
	const instance = instanceOf("a", connect, { limits: { session_seconds: 60 } });
	const { end } = await routerOf([instance], { clock }).connect(request(), watched());
	await clock.advance(59_999);
	assert.is(received?.aborted, false);
	await clock.advance(1);
	assert.ok(received?.reason instanceof SpearError);
	assert.equal(
		{ code: received.reason.code, message: received.reason.message },
		{ code: "timeout", message: "the backend allows sessions of 60 seconds; open another one" },
	);
	end(received.reason);
	assert.equal(
		{ inFlight: inFlight(instance), failures: instance.stats.health("realtime_voice").breaker.failures },
		{ inFlight: [0], failures: 0 },
	);
});

test("a session has no timer after its end", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", async () => new ScriptedChannel(), { limits: { session_seconds: 60 } });
	const { end } = await routerOf([instance], { clock }).connect(request({ timeout_ms: 10 }), watched());
	end();
	assert.is(clock.pending, 0);
});

test("a session counts as a request in flight of its guest until it ends", async () => {
	const router = routerOf([instanceOf("a", async () => new ScriptedChannel())], {
		guests: { "*": { concurrency: 1, routes: new Map() } },
	});
	const { end } = await router.connect(request(), watched());
	assert.is((await rejects(router.connect(request(), watched()))).code, "rate_limited");
	end();
	(await router.connect(request(), watched())).end();
});

test("a session's signal is aborted when end is called", async () => {
	let received: AbortSignal | undefined;
	const instance = instanceOf("a", async ({ signal }) => {
		received = signal;
		return new ScriptedChannel();
	});
	const { end } = await routerOf([instance]).connect(request(), watched());
	assert.is(received?.aborted, false);
	end();
	assert.is(received?.aborted, true);
});

test("a session request goes to the instance that had the last session of the same key", async () => {
	const instances = ["a", "b", "c"].map((name) => instanceOf(name, async () => new ScriptedChannel()));
	const router = routerOf(instances, { clock: new FakeClock(), routes: new Map([["realtime_voice", { policy: "round_robin" }]]) });
	const chosen: (string | undefined)[] = [];
	for (const session_key of ["x", "y", "x", "x"]) {
		const context = watched();
		(await router.connect(request({ routing: routing({ session_key }) }), context)).end();
		chosen.push(context.decisions[0]?.chosen);
	}
	assert.equal(chosen, ["a", "b", "a", "a"]);
});

test("a session that is a trial wakes the pending requests of its instance, which starts slowly", async () => {
	const clock = new FakeClock();
	const opening = Promise.withResolvers<RealtimeVoiceChannel>();
	const channels = [opening.promise, Promise.resolve(new ScriptedChannel())];
	const connect: Connect = () => channels.shift() ?? Promise.reject(new Error("a third session"));
	const instance = instanceOf("a", connect, { random: () => 0.5 });
	for (let i = 0; i < 5; i++) instance.stats.health("realtime_voice").breaker.fail(false, 0);
	clock.pass(4_000);
	const router = routerOf([instance], { clock });
	const trial = router.connect(request(), watched());
	const pending = router.connect(request(), watched());
	await clock.advance(1_000);
	assert.equal(inFlight(instance), [1]);
	opening.resolve(new ScriptedChannel());
	const [first, second] = await Promise.all([trial, pending]);
	assert.equal(
		{ inFlight: inFlight(instance), factor: instance.stats.slowStartFactor("realtime_voice", 5_000) },
		{ inFlight: [2], factor: 0.1 },
	);
	first.end();
	second.end();
});

test("a session that is a trial closes the breaker when it is established", async () => {
	const clock = new FakeClock();
	const instance = instanceOf("a", async () => new ScriptedChannel());
	for (let i = 0; i < 5; i++) instance.stats.health("realtime_voice").breaker.fail(false, 0);
	clock.pass(6_000);
	const router = routerOf([instance], { clock, settings: { queueTimeoutMs: 0 } });
	const trial = await router.connect(request(), watched());
	const another = await router.connect(request(), watched());
	assert.equal(inFlight(instance), [2]);
	trial.end();
	another.end();
});

test.run();
