import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type * as rt from "../../generated/ir/rt.ts";
import { BackendConfigError, type InstanceConfig } from "../../src/backends/backend.ts";
import { openaiRealtime } from "../../src/backends/openai-realtime/index.ts";
import { cancelledError } from "../../src/errors/spear-error.ts";
import {
	answerEvents,
	greet,
	RealtimeServer,
	type SessionBehaviour,
	type SessionScript,
	type WireEvent,
} from "../helpers/realtime-server.ts";
import { contextOf } from "./context.ts";
import { failure } from "./http-fixture.ts";

const KEY = "sk-secret-0123456789";

function envelope(payload: Partial<rt.Request> = {}, extra = {}): RequestEnvelope<"realtime_voice"> {
	return {
		version: 1,
		request_id: "r1",
		operation: "realtime_voice",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
		payload: { mode: "conversation", tools: [], ...payload },
		extra,
	};
}

interface Session {
	readonly channel: RealtimeVoiceChannel;
	readonly server: RealtimeServer;
}

/** Opens a session against a server that plays this script, and checks that no socket is left open after it. */
async function against(
	script: SessionScript | SessionBehaviour,
	run: (
		connect: (payload?: Partial<rt.Request>, extra?: object) => Promise<Session>,
		server: RealtimeServer,
		abort: AbortController,
	) => Promise<void>,
	config: Partial<InstanceConfig> = {},
): Promise<void> {
	const server = await RealtimeServer.start(script);
	const backend = openaiRealtime.create(
		{
			name: "up",
			kind: "openai-realtime",
			base_url: server.baseUrl,
			models: ["gpt-realtime", { name: "scribe", upstream: "gpt-4o-transcribe" }],
			options: {},
			...config,
		},
		{ apiKey: () => KEY },
	);
	const abort = new AbortController();
	try {
		await run(
			async (payload, extra) => {
				const connecting = backend.operations.realtime_voice?.connect(envelope(payload, extra), contextOf({ signal: abort.signal }));
				if (connecting === undefined) throw new Error("the kind serves no sessions");
				return { channel: await connecting, server };
			},
			server,
			abort,
		);
		await backend.close();
		await server.quiet();
		assert.equal(server.faults, []);
	} finally {
		await backend.close();
		await server.close();
	}
}

async function all(channel: RealtimeVoiceChannel): Promise<rt.Event[]> {
	const events: rt.Event[] = [];
	for await (const event of channel.events) events.push(event);
	return events;
}

/** The session's configuration as the server got it, and the path it was asked at. */
async function configured(
	payload: Partial<rt.Request>,
	extra: object = {},
	config: Partial<InstanceConfig> = {},
): Promise<[string, unknown]> {
	let seen: [string, unknown] = ["", undefined];
	await against(
		greet(),
		async (connect, server) => {
			const { channel } = await connect(payload, extra);
			await channel.close();
			const peer = await server.peer(0);
			assert.is(peer.headers.authorization, `Bearer ${KEY}`);
			seen = [peer.path, peer.received[0]];
		},
		config,
	);
	return seen;
}

test("a conversation in full, as the server is asked for it", async () => {
	const parameters = { type: "object", properties: { city: { type: "string" } } };
	const seen = await configured(
		{
			instructions: "Be brief.",
			voice: "marin",
			input_format: "g711_ulaw",
			output_format: "g711_alaw",
			turn_detection: { type: "server_vad", server_vad: { threshold: 0.4, prefix_padding_ms: 200, silence_duration_ms: 700 } },
			transcription_model: "scribe",
			language: "de",
			tools: [{ name: "weather", description: "Tells the weather.", parameters }],
			send_queue: { max_bytes: 2048, overflow: "fail" },
		},
		{ max_output_tokens: 100 },
		{ options: { allow_extra: ["max_output_tokens"] } },
	);
	assert.equal(seen, [
		"/v1/realtime?model=gpt-realtime",
		{
			type: "session.update",
			session: {
				type: "realtime",
				max_output_tokens: 100,
				instructions: "Be brief.",
				audio: {
					input: {
						format: { type: "audio/pcmu" },
						turn_detection: { type: "server_vad", threshold: 0.4, prefix_padding_ms: 200, silence_duration_ms: 700 },
						transcription: { model: "gpt-4o-transcribe", language: "de" },
					},
					output: { format: { type: "audio/pcma" }, voice: "marin" },
				},
				tools: [{ type: "function", name: "weather", description: "Tells the weather.", parameters }],
			},
		},
	]);
});

test("the smallest conversation, and the other ways to detect a turn", async () => {
	const pcm = { format: { type: "audio/pcm", rate: 24_000 } };
	for (const [turn_detection, expected] of [
		[undefined, {}],
		[{ type: "manual" }, { turn_detection: null }],
		[{ type: "semantic_vad", semantic_vad: "low" }, { turn_detection: { type: "semantic_vad", eagerness: "low" } }],
	] as const) {
		const [, update] = await configured(turn_detection === undefined ? {} : { turn_detection });
		assert.equal(update, { type: "session.update", session: { type: "realtime", audio: { input: { ...pcm, ...expected }, output: pcm } } });
	}
});

test("a transcription names its model in the session, not in the connection", async () => {
	assert.equal(await configured({ mode: "transcription", model: "scribe", language: "en", turn_detection: { type: "manual" } }), [
		"/v1/realtime?intent=transcription",
		{
			type: "session.update",
			session: {
				type: "transcription",
				audio: {
					input: {
						format: { type: "audio/pcm", rate: 24_000 },
						turn_detection: null,
						transcription: { model: "gpt-4o-transcribe", language: "en" },
					},
				},
			},
		},
	]);
});

test("what has no place in a session is refused before any connection", async () => {
	await against(greet(), async (connect, server) => {
		const message = async (payload: Partial<rt.Request>, extra?: object): Promise<string> =>
			(await failure(connect(payload, extra))).message;
		assert.is(
			await message({ language: "de" }),
			"language: this backend uses it only to transcribe what is heard; name a transcription_model too, or leave it out",
		);
		assert.is(await message({ model: "other" }), 'model: backend "up" does not serve "other"; it serves gpt-realtime, scribe');
		assert.is(await message({}, { tools: [] }), "extra.tools: it cannot be set this way; use the request's own members");
		assert.is(await message({}, { speed: 1 }), "extra.speed: this backend does not accept it; its operator can allow it with allow_extra");
		assert.is(server.peers.length, 0);
	});
});

test("each input is the client events the protocol has for it", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("input_audio_buffer.commit");
			await peer.send({ type: "input_audio_buffer.committed", item_id: "u1", previous_item_id: null });
			await peer.next("response.create");
			await peer.send(...answerEvents("r1", []));
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r2" } });
		}),
		async (connect) => {
			const { channel, server } = await connect();
			const events = channel.events[Symbol.asyncIterator]();
			await channel.send({ type: "append_audio", audio: new Uint8Array([1, 2, 3, 4]) });
			await channel.send({ type: "clear" });
			await channel.send({ type: "append_audio", audio: new Uint8Array([5, 6]).subarray(1) });
			await channel.send({ type: "commit" });
			for (const type of ["response_started", "response_done"]) assert.is((await events.next()).value?.type, type);
			await channel.send({ type: "send_text", text: "hi" });
			assert.is((await events.next()).value?.type, "response_started");
			await channel.send({ type: "interrupt", item_id: "item_r2", heard_ms: 1500 });
			await channel.close();
			assert.equal((await server.peer(0)).received.slice(1), [
				{ type: "input_audio_buffer.append", audio: "AQIDBA==" },
				{ type: "input_audio_buffer.clear" },
				{ type: "input_audio_buffer.append", audio: "Bg==" },
				{ type: "input_audio_buffer.commit", event_id: "spear_1" },
				{ type: "response.create", event_id: "spear_2" },
				{ type: "conversation.item.create", item: { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] } },
				{ type: "response.create", event_id: "spear_3" },
				{ type: "response.cancel" },
				{ type: "conversation.item.truncate", item_id: "item_r2", content_index: 0, audio_end_ms: 1500 },
			]);
		},
	);
});

test("a commit in a transcription asks for no answer, and what is heard is awaited", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("input_audio_buffer.commit");
			const at = { item_id: "u1", content_index: 0 };
			await peer.send(
				{ type: "input_audio_buffer.committed", item_id: "u1", previous_item_id: null },
				{ type: "conversation.item.input_audio_transcription.delta", ...at, delta: "good " },
				{ type: "conversation.item.input_audio_transcription.delta", ...at },
				{ type: "conversation.item.input_audio_transcription.delta", ...at, delta: "day" },
				{
					type: "conversation.item.input_audio_transcription.completed",
					...at,
					transcript: "good day",
					usage: { type: "tokens", input_tokens: 5, output_tokens: 2, total_tokens: 7 },
				},
			);
		}),
		async (connect) => {
			const { channel, server } = await connect({ mode: "transcription", model: "scribe" });
			const events = all(channel);
			await channel.send({ type: "commit" });
			await channel.drain();
			await channel.close();
			assert.equal(await events, [
				{ type: "input_transcript", input_transcript: { item_id: "u1", text: "good " } },
				{ type: "input_transcript", input_transcript: { item_id: "u1", text: "day" } },
				{ type: "input_transcript_done", input_transcript_done: { item_id: "u1", text: "good day" } },
			]);
			assert.equal(
				(await server.peer(0)).received.map(({ type }) => type),
				["session.update", "input_audio_buffer.commit"],
			);
			assert.equal(channel.report(), { usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } });
		},
	);
});

const AT = { response_id: "r1", item_id: "i1", output_index: 0, content_index: 0 };

/** Every event of the API that says something new, and what becomes of it. */
const TRANSLATIONS: [WireEvent, rt.Event[]][] = [
	[{ type: "input_audio_buffer.speech_started", audio_start_ms: 120, item_id: "u" }, [{ type: "speech_started", speech_started: 120 }]],
	[{ type: "input_audio_buffer.speech_stopped", audio_end_ms: 880, item_id: "u" }, [{ type: "speech_stopped", speech_stopped: 880 }]],
	[{ type: "response.created", response: { id: "r1" } }, [{ type: "response_started", response_started: "r1" }]],
	[
		{ type: "response.output_audio.delta", ...AT, delta: "AAEC" },
		[{ type: "audio", audio: { item_id: "i1", audio: new Uint8Array([0, 1, 2]) } }],
	],
	[{ type: "response.audio.delta", ...AT, delta: "/w==" }, [{ type: "audio", audio: { item_id: "i1", audio: new Uint8Array([255]) } }]],
	[
		{ type: "response.output_audio_transcript.delta", ...AT, delta: "so" },
		[{ type: "output_transcript", output_transcript: { item_id: "i1", text: "so" } }],
	],
	[
		{ type: "response.audio_transcript.delta", ...AT, delta: "so" },
		[{ type: "output_transcript", output_transcript: { item_id: "i1", text: "so" } }],
	],
	[{ type: "response.output_text.delta", ...AT, delta: "hm" }, [{ type: "text", text: { item_id: "i1", text: "hm" } }]],
	[{ type: "response.text.delta", ...AT, delta: "hm" }, [{ type: "text", text: { item_id: "i1", text: "hm" } }]],
	[{ type: "response.output_audio.done", ...AT }, []],
	[{ type: "rate_limits.updated", rate_limits: [{ name: "tokens", limit: 10, remaining: 9, reset_seconds: 1 }] }, []],
	[{ type: "conversation.item.done", item: { id: "i1" } }, []],
	[{ type: "response.output_item.done", item: { type: "message", id: "i1" } }, []],
	[
		{
			type: "response.output_item.done",
			item: { type: "function_call", status: "incomplete", call_id: "c0", name: "add", arguments: "{" },
		},
		[],
	],
	[
		{
			type: "response.output_item.done",
			item: { type: "function_call", status: "completed", call_id: "c1", name: "add", arguments: "{}" },
		},
		[{ type: "tool_call", tool_call: { id: "c1", name: "add", arguments: "{}" } }],
	],
	[
		{ type: "error", error: { type: "invalid_request_error", code: "item_not_found", message: `no such item ${KEY}`, param: "item_id" } },
		[
			{
				type: "warning",
				warning: {
					code: "invalid_request",
					message: "the backend finds the request invalid: no such item [redacted] (item_id)",
					retryable: false,
					operation: "realtime_voice",
				},
			},
		],
	],
	[
		{
			type: "conversation.item.input_audio_transcription.failed",
			item_id: "u",
			content_index: 0,
			error: { type: "transcription_error", code: "audio_unintelligible", message: "could not be heard" },
		},
		[
			{
				type: "warning",
				warning: { code: "backend_error", message: "the backend failed: could not be heard", retryable: true, operation: "realtime_voice" },
			},
		],
	],
	[
		{
			type: "response.done",
			response: { id: "r1", status: "incomplete", status_details: { type: "incomplete", reason: "max_output_tokens" } },
		},
		[
			{
				type: "warning",
				warning: {
					code: "backend_error",
					message: "the answer is incomplete: max_output_tokens",
					retryable: false,
					operation: "realtime_voice",
				},
			},
			{ type: "response_done", response_done: "r1" },
		],
	],
	[
		{
			type: "response.done",
			response: {
				id: "r2",
				status: "failed",
				status_details: { type: "failed", error: { type: "server_error", code: "rate_limit_exceeded" } },
			},
		},
		[
			{
				type: "warning",
				warning: { code: "rate_limited", message: "the backend asks to slow down", retryable: true, operation: "realtime_voice" },
			},
			{ type: "response_done", response_done: "r2" },
		],
	],
	[
		{ type: "response.done", response: { id: "r3", status: "cancelled", status_details: { type: "cancelled", reason: "turn_detected" } } },
		[{ type: "response_done", response_done: "r3" }],
	],
];

test("server events become the ABI's, by today's names and by those of the beta", async () => {
	await against(
		greet(async (peer) => {
			await peer.send(...TRANSLATIONS.map(([event]) => event));
			peer.close();
		}),
		async (connect) => {
			const { channel } = await connect();
			const events = (await all(channel)).map((event) =>
				event.type === "audio" ? { ...event, audio: { ...event.audio, audio: new Uint8Array(event.audio.audio) } } : event,
			);
			assert.equal(
				events,
				TRANSLATIONS.flatMap(([, expected]) => expected),
			);
		},
	);
});

test("what is no proper event ends the session", async () => {
	const cases: [string | WireEvent, string][] = [
		["{", "an event is not JSON"],
		["[]", "an event has no type"],
		[{ type: "response.output_audio.delta", item_id: "i1", delta: "not base64!" }, "response.output_audio.delta without a proper delta"],
		[{ type: "response.output_text.delta", delta: "x" }, "response.output_text.delta without a proper item_id"],
		[
			{ type: "input_audio_buffer.speech_started", audio_start_ms: -1 },
			"input_audio_buffer.speech_started without a proper audio_start_ms",
		],
		[{ type: "error" }, "error without a proper error"],
		[
			{ type: "response.output_item.done", item: { type: "function_call", call_id: "c" } },
			"a function call without call_id, name or arguments",
		],
	];
	for (const [event, what] of cases) {
		await against(
			greet((peer) => peer.send(event)),
			async (connect) => {
				const { channel } = await connect();
				const error = await failure(all(channel));
				assert.equal([error.code, error.message], ["backend_error", `the backend's answer is malformed: ${what}`]);
			},
		);
	}
});

test("answers are asked for one at a time, and all tools are answered first", async () => {
	const call = (id: string): WireEvent => ({
		type: "response.output_item.done",
		item: { type: "function_call", status: "completed", call_id: id, name: "add", arguments: "{}" },
	});
	const goOn = Promise.withResolvers<void>();
	await against(
		greet(async (peer) => {
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r1" } }, call("c1"), call("c2"));
			await peer.next("conversation.item.create");
			await peer.next("conversation.item.create");
			await goOn.promise;
			await peer.send({ type: "response.done", response: { id: "r1", status: "completed" } });
			await peer.next("response.create");
			await peer.send(...answerEvents("r2", []));
		}),
		async (connect) => {
			const { channel, server } = await connect();
			await channel.send({ type: "send_text", text: "1 + 2?" });
			const events = channel.events[Symbol.asyncIterator]();
			for (const type of ["response_started", "tool_call", "tool_call"]) assert.is((await events.next()).value?.type, type);
			await channel.send({ type: "send_tool_result", call_id: "c1", output: "3" });
			await channel.send({ type: "send_tool_result", call_id: "c2", output: "4" });
			goOn.resolve();
			for (const type of ["response_done", "response_started", "response_done"]) assert.is((await events.next()).value?.type, type);
			await channel.drain();
			assert.equal(
				(await server.peer(0)).received.slice(1).map(({ type, item }) => (type === "conversation.item.create" ? item : type)),
				[
					{ type: "message", role: "user", content: [{ type: "input_text", text: "1 + 2?" }] },
					"response.create",
					{ type: "function_call_output", call_id: "c1", output: "3" },
					{ type: "function_call_output", call_id: "c2", output: "4" },
					"response.create",
				],
			);
		},
	);
});

test("an answer that comes between is waited for, and the own one asked for again, without a word to the guest", async () => {
	await against(
		greet(async (peer) => {
			const { event_id } = await peer.next("response.create");
			await peer.send(
				{
					type: "error",
					error: { type: "invalid_request_error", code: "conversation_already_has_active_response", message: "busy", event_id },
				},
				...answerEvents("auto", []),
			);
			await peer.next("response.create");
			await peer.send(...answerEvents("mine", []));
			peer.close();
		}),
		async (connect) => {
			const { channel } = await connect();
			await channel.send({ type: "send_text", text: "hello" });
			assert.equal(await all(channel), [
				{ type: "response_started", response_started: "auto" },
				{ type: "response_done", response_done: "auto" },
				{ type: "response_started", response_started: "mine" },
				{ type: "response_done", response_done: "mine" },
			]);
		},
	);
});

test("cancel stops what is under way, and is silent when nothing is", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r1" } });
			await peer.next("response.cancel");
			await peer.send({ type: "response.done", response: { id: "r1", status: "cancelled" } });
		}),
		async (connect) => {
			const { channel, server } = await connect();
			const events = all(channel);
			await channel.send({ type: "cancel" });
			await channel.send({ type: "send_text", text: "go" });
			await channel.send({ type: "cancel" });
			await channel.drain();
			await channel.close();
			assert.equal(
				(await events).map(({ type }) => type),
				["response_started", "response_done"],
			);
			assert.equal(
				(await server.peer(0)).received.slice(1).map(({ type }) => type),
				["conversation.item.create", "response.create", "response.cancel"],
			);
		},
	);
});

test("the faults of a session, and what they are to the guest", async () => {
	const midAnswer: SessionBehaviour = async (peer) => {
		await peer.send({ type: "response.created", response: { id: "r1" } });
		peer.close();
	};
	const cases: [SessionBehaviour, string, string, boolean][] = [
		[(peer) => peer.cut(), "backend_error", "the backend broke off in the middle of its answer", true],
		[(peer) => peer.close(1011, "internal"), "backend_error", "the backend failed (close code 1011): internal", true],
		[midAnswer, "backend_error", "the backend ended the session before it had answered", true],
		[
			(peer) =>
				peer.send({ type: "error", error: { type: "invalid_request_error", code: "session_expired", message: "60 minutes are over" } }),
			"timeout",
			"the backend ended the session, which lasted as long as it may: 60 minutes are over",
			true,
		],
	];
	for (const [behaviour, code, message, retryable] of cases) {
		await against(greet(behaviour), async (connect) => {
			const { channel } = await connect();
			const error = await failure(all(channel));
			assert.equal([error.code, error.message, error.retryable], [code, message, retryable]);
		});
	}
});

test("a session that is not begun properly is none", async () => {
	const refused: WireEvent = {
		type: "error",
		error: { type: "invalid_request_error", code: "invalid_value", message: "no such voice", param: "session.audio.output.voice" },
	};
	const cases: [SessionBehaviour, string][] = [
		[
			async (peer) => {
				await peer.send({ type: "session.created", session: {} });
				await peer.next("session.update");
				await peer.send(refused);
			},
			"the backend finds the request invalid: no such voice (session.audio.output.voice)",
		],
		[(peer) => peer.close(), "the backend ended the session before it began"],
		[(peer) => peer.send("hello"), "the backend's answer is malformed: an event is not JSON"],
	];
	for (const [behaviour, message] of cases) {
		await against(behaviour, async (connect) => {
			assert.is((await failure(connect())).message, message);
		});
	}
});

test("an abort ends the connecting and the session at once", async () => {
	await against(
		() => {},
		async (connect, server, abort) => {
			const connecting = failure(connect());
			const peer = await server.peer(0);
			abort.abort(cancelledError("given up"));
			assert.equal([(await connecting).code, (await peer.ended).code], ["cancelled", undefined]);
		},
	);
	await against(greet(), async (connect, server, abort) => {
		const { channel } = await connect();
		const reading = failure(all(channel));
		abort.abort(cancelledError("given up"));
		assert.equal([(await reading).code, (await (await server.peer(0)).ended).code], ["cancelled", undefined]);
	});
});

test("a server of the beta begins its sessions by other names", async () => {
	await against(
		async (peer) => {
			await peer.send({ type: "transcription_session.created", session: {} });
			await peer.next("session.update");
			await peer.send({ type: "transcription_session.updated", session: {} });
			peer.close();
		},
		async (connect) => {
			assert.equal(await all((await connect({ mode: "transcription", model: "scribe" })).channel), []);
		},
	);
});

test("an instance needs to know where its upstream is", () => {
	const create = (): unknown =>
		openaiRealtime.create({ name: "up", kind: "openai-realtime", models: [], options: { speed: 1 } }, { apiKey: () => undefined });
	assert.throws(
		create,
		(error: unknown) => error instanceof BackendConfigError && error.message.startsWith("backends.up.base_url is missing"),
	);
});

test.run();
