import * as assert from "uvu/assert";
import { take } from "../helpers/realtime-guest.ts";
import { REALTIME_KEY, startRealtimeHost } from "../helpers/realtime-host.ts";
import { greet, type SessionBehaviour, type SessionScript, type WireEvent } from "../helpers/realtime-server.ts";
import { at, CONNECT, DROP, realtimeSuite, spokenTurn, terminal } from "./realtime-suite.ts";

/** How a guest's realtime session ends or never begins, and that nothing is left of it. */
const test = realtimeSuite("realtime faults");

/** How long the upstream may take to notice, in ms. */
const BOUND_MS = 50;

/** What can happen to a session that stands, and what the guest is told last. */
const FAULTS: [string, SessionBehaviour, unknown[]][] = [
	["the upstream closes in order", (peer) => peer.close(), ["completed"]],
	["the network is cut", (peer) => peer.cut(), ["failed", "backend-error", "the backend's answer ended before it was complete", true]],
	["the upstream fails", (peer) => peer.close(1011), ["failed", "backend-error", "the backend failed (close code 1011)", true]],
	[
		"a malformed event",
		(peer) => peer.send("{"),
		["failed", "backend-error", "the backend's answer is malformed: an event is not JSON", false],
	],
	[
		"an oversized event",
		(peer) => peer.send("x".repeat(17 * 1024 * 1024)),
		["failed", "backend-error", "the backend's answer is malformed: a message is larger than 16777216 bytes", false],
	],
];

for (const [name, behaviour, expected] of FAULTS) {
	test(`${name}: one terminal event, and nothing is left`, async ({ voice, instance }) => {
		voice.server.script(greet(behaviour));
		const [, event] = await take(instance, CONNECT, { do: "read" }, DROP);
		assert.equal(terminal(event), expected);
	});
}

test("an error event is a warning, and the session goes on", async ({ voice, instance }) => {
	const complaint: WireEvent = {
		type: "error",
		error: { type: "invalid_request_error", code: "input_audio_buffer_commit_empty", message: "the buffer is empty" },
	};
	voice.server.script(
		greet(async (peer) => {
			await peer.send(complaint);
			await spokenTurn("r1", { transcript: "Yes?" })(peer);
		}),
	);
	const outcomes = await take(
		instance,
		CONNECT,
		{ do: "read" },
		{ do: "commit" },
		{ do: "readTo", tag: "response-done" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		DROP,
	);
	assert.match(JSON.stringify(outcomes[1]?.ok), /"tag":"warning".*the backend finds the request invalid: the buffer is empty/);
	assert.equal(terminal({ ok: at(outcomes[5]?.ok, -1) }), ["completed"]);
});

/** What can happen before a session stands. */
const REFUSALS: [string, SessionScript, [string, string]][] = [
	[
		"401 on the upgrade",
		{
			handshake: {
				status: 401,
				body: { error: { message: `bad key ${REALTIME_KEY}`, type: "invalid_request_error", code: "invalid_api_key" } },
			},
		},
		["backend-error", "the backend refuses the host's credentials (status 401); its operator must check the API key"],
	],
	[
		"an upgrade that takes too long",
		{ handshake: "silence" },
		["timeout", "no complete answer within 60 ms; raise timeout_ms or ask for less"],
	],
	[
		"an upstream that does not begin",
		{ behaviour: (peer) => peer.send({ type: "session.created", session: {} }) },
		["timeout", "no complete answer within 60 ms; raise timeout_ms or ask for less"],
	],
];

for (const [name, script, expected] of REFUSALS) {
	test(`${name}: no session, the reason, and nothing is left`, async ({ voice, instance }) => {
		voice.server.script(script);
		const [outcome] = await take(instance, { ...CONNECT, options: { timeoutMs: 60 } });
		assert.equal([outcome?.err?.code, outcome?.err?.message], expected);
	});
}

test("dropping the handle, closing the instance and aborting the run each end the session upstream within 50 ms", async ({ voice }) => {
	const idle: SessionBehaviour = greet(() => {});
	for (const end of ["drop", "close", "abort"] as const) {
		const controller = new AbortController();
		const instance = await voice.instance({ signal: controller.signal });
		const count = voice.server.peers.length;
		voice.server.script(idle);
		await take(instance, CONNECT, { do: "append", bytes: 100 });
		const peer = await voice.server.peer(count);
		await peer.next("input_audio_buffer.append");
		assert.is(voice.host.backends()[0]?.inFlight, 1);
		const ended = performance.now();
		if (end === "drop") await take(instance, DROP);
		if (end === "close") await instance.close();
		if (end === "abort") controller.abort();
		const ending = await peer.ended;
		assert.is(ending.code, undefined);
		assert.ok(ending.at - ended < BOUND_MS, `${end} took ${ending.at - ended} ms`);
		assert.is(voice.host.backends()[0]?.inFlight, 0);
		await instance.close();
	}
});

test("more sessions than the host allows are refused, and one that has ended makes room", async ({ voice, instance }) => {
	voice.server.script(greet(), greet(), greet());
	const outcomes = await take(
		instance,
		{ ...CONNECT, as: "a" },
		{ ...CONNECT, as: "b" },
		{ ...CONNECT, as: "c" },
		{ ...DROP, as: "a" },
		{ ...CONNECT, as: "c" },
		{ ...DROP, as: "b" },
		{ ...DROP, as: "c" },
	);
	assert.equal(
		outcomes.map(({ ok, err }) => err?.message ?? ok),
		[
			"connected",
			"connected",
			"2 realtime sessions are open, and the host allows 2 at a time; close one first",
			undefined,
			"connected",
			undefined,
			undefined,
		],
	);
	assert.is(outcomes[2]?.err?.code, "rate-limited");
});

test("the host's deadlines end a session, each by its name", async () => {
	const voice = await startRealtimeHost({ limits: { max_realtime_s: 1, realtime_idle_s: 1 } });
	try {
		const instance = await voice.instance();
		voice.server.script(
			greet(() => {}),
			greet(async (peer) => {
				const beat = setInterval(() => void peer.send({ type: "input_audio_buffer.speech_started", audio_start_ms: 1 }), 100);
				await peer.ended;
				clearInterval(beat);
			}),
		);
		const [, , idle, , lively] = await take(
			instance,
			{ ...CONNECT, as: "idle" },
			{ ...CONNECT, as: "lively" },
			{ do: "readTo", tag: "failed", as: "idle" },
			{ ...DROP, as: "idle" },
			{ do: "readTo", tag: "failed", as: "lively" },
		);
		assert.equal(terminal({ ok: at(idle?.ok, -1) }).slice(0, 2), ["failed", "timeout"]);
		assert.equal(terminal({ ok: at(lively?.ok, -1) }).slice(0, 3), [
			"failed",
			"timeout",
			"the session has lasted 1000 ms, the longest this host allows; connect again",
		]);
		await voice.server.quiet();
		await instance.close();
	} finally {
		await voice.close();
	}
});

test.run();
