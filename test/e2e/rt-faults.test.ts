import * as assert from "uvu/assert";
import { take } from "../helpers/realtime-guest.ts";
import { REALTIME_KEY, startRealtimeHost } from "../helpers/realtime-host.ts";
import { answerEvents, greet, type SessionBehaviour, type SessionScript, type WireEvent } from "../helpers/realtime-server.ts";
import { at, CONNECT, DROP, realtimeSuite, spokenTurn, type Terminal, terminal } from "./realtime-suite.ts";

/** Failures of a guest's realtime session, before and after it is connected. Each leaves no socket and no lease. */
const test = realtimeSuite("realtime faults");

/** Failures of a connected session, and its terminal event. */
const FAULTS: [string, SessionBehaviour, Terminal][] = [
	["the upstream closes in order", (peer) => peer.close(), { tag: "completed" }],
	[
		"the network is cut",
		(peer) => peer.cut(),
		{ tag: "failed", code: "backend-error", message: "the backend's answer ended before it was complete", retryable: true },
	],
	[
		"the upstream fails",
		(peer) => peer.close(1011),
		{ tag: "failed", code: "backend-error", message: "the backend failed (close code 1011)", retryable: true },
	],
	[
		"a malformed event",
		(peer) => peer.send("{"),
		{ tag: "failed", code: "backend-error", message: "the backend's answer is malformed: an event is not JSON", retryable: false },
	],
	[
		"an oversized event",
		(peer) => peer.send("x".repeat(17 * 1024 * 1024)),
		{
			tag: "failed",
			code: "backend-error",
			message: "the backend's answer is malformed: a message is larger than 16777216 bytes",
			retryable: false,
		},
	],
];

for (const [name, behaviour, expected] of FAULTS) {
	test(`a session ends with one terminal event and leaves nothing after ${name}`, async ({ voice, instance }) => {
		voice.server.script(greet(behaviour));
		const [, event] = await take(instance, CONNECT, { do: "read" }, DROP);
		assert.equal(terminal(event), expected);
	});
}

test("an error event of the upstream is a warning, and the session continues", async ({ voice, instance }) => {
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
	assert.equal(terminal({ ok: at(outcomes[5]?.ok, -1) }), { tag: "completed" });
});

test("a guest is told that its text was refused, its next text is answered, and drain ends", async ({ voice, instance }) => {
	const refusal: WireEvent = { type: "error", error: { type: "server_error", message: "overloaded", event_id: null } };
	voice.server.script(
		greet(async (peer) => {
			await peer.next("response.create");
			await peer.send(refusal);
			await peer.next("response.create");
			await peer.send(...answerEvents("r1", []));
		}),
	);
	const outcomes = await take(
		instance,
		CONNECT,
		{ do: "text", text: "hi" },
		{ do: "read" },
		{ do: "text", text: "once more" },
		{ do: "readTo", tag: "response-done" },
		{ do: "drain" },
		{ do: "close" },
		{ do: "readTo", tag: "completed" },
		DROP,
	);
	assert.match(JSON.stringify(outcomes[2]?.ok), /"tag":"warning".*the backend failed: overloaded/);
	assert.equal(at(outcomes[4]?.ok, -1), { tag: "response-done", val: "r1" });
	assert.equal(outcomes[5]?.err, undefined);
	assert.equal(terminal({ ok: at(outcomes[7]?.ok, -1) }), { tag: "completed" });
});

interface Reason {
	readonly code: string;
	readonly message: string;
}

/** Failures before a session is connected. */
const REFUSALS: [string, SessionScript, Reason][] = [
	[
		"401 on the upgrade",
		{
			handshake: {
				status: 401,
				body: { error: { message: `bad key ${REALTIME_KEY}`, type: "invalid_request_error", code: "invalid_api_key" } },
			},
		},
		{ code: "backend-error", message: "the backend refuses the host's credentials (status 401); its operator must check the API key" },
	],
	[
		"an upgrade that takes too long",
		{ handshake: "silence" },
		{ code: "timeout", message: "no complete answer within 60 ms; raise timeout_ms or ask for less" },
	],
	[
		"an upstream that does not begin",
		{ behaviour: (peer) => peer.send({ type: "session.created", session: {} }) },
		{ code: "timeout", message: "no complete answer within 60 ms; raise timeout_ms or ask for less" },
	],
];

for (const [name, script, expected] of REFUSALS) {
	test(`a connect fails with the reason and leaves nothing after ${name}`, async ({ voice, instance }) => {
		voice.server.script(script);
		const options = expected.code === "timeout" ? { timeoutMs: 60 } : {};
		const [outcome] = await take(instance, { ...CONNECT, options });
		assert.equal({ code: outcome?.err?.code, message: outcome?.err?.message }, expected);
	});
}

test("a dropped handle, a closed instance and an aborted run each end the session at the upstream", async ({ voice }) => {
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
		if (end === "drop") await take(instance, DROP);
		if (end === "close") await instance.close();
		if (end === "abort") controller.abort();
		const ending = await peer.ended;
		assert.is(ending.code, undefined);
		assert.is(voice.host.backends()[0]?.inFlight, 0);
		await instance.close();
	}
});

test("a session beyond the maximum is refused until another one has ended", async ({ voice, instance }) => {
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

test("a session ends with a timeout at the deadlines of the host", async () => {
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
		const [, , idle, , active] = await take(
			instance,
			{ ...CONNECT, as: "idle" },
			{ ...CONNECT, as: "active" },
			{ do: "readTo", tag: "failed", as: "idle" },
			{ ...DROP, as: "idle" },
			{ do: "readTo", tag: "failed", as: "active" },
		);
		// Both deadlines are the same, and either may end the idle session.
		const { tag, code } = terminal({ ok: at(idle?.ok, -1) });
		assert.equal({ tag, code }, { tag: "failed", code: "timeout" });
		assert.equal(terminal({ ok: at(active?.ok, -1) }), {
			tag: "failed",
			code: "timeout",
			message: "the session has lasted 1000 ms, the longest this host allows; connect again",
			retryable: true,
		});
		await voice.server.quiet();
		await instance.close();
	} finally {
		await voice.close();
	}
});

test.run();
