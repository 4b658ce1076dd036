import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { greet, type SessionBehaviour, type WireEvent } from "../../../../helpers/realtime-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { against, all, KEY } from "./fixture.ts";

const AT = { response_id: "r1", item_id: "i1", output_index: 0, content_index: 0 };

/** Events of the API with new content, and their translations. */
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

test("server events with current and beta names become the ABI's events", async () => {
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

test("a malformed event ends the session", async () => {
	const cases: [string | WireEvent, string][] = [
		["{", "an event is not JSON"],
		["[]", "an event has no type"],
		[{ type: "response.output_audio.delta", item_id: "i1", delta: "not base64!" }, "response.output_audio.delta without a valid delta"],
		[{ type: "response.output_text.delta", item_id: "i1", delta: 5 }, "response.output_text.delta without a valid delta"],
		[{ type: "input_audio_buffer.speech_started", audio_start_ms: -1 }, "input_audio_buffer.speech_started without a valid audio_start_ms"],
		[{ type: "response.output_item.done", item: { type: "function_call", call_id: "c" } }, "a function call without call_id or name"],
	];
	for (const [event, what] of cases) {
		await against(
			greet((peer) => peer.send(event)),
			async (connect) => {
				const { channel } = await connect();
				const error = await failure(all(channel));
				assert.is(error.code, "backend_error");
				assert.is(error.message, `the backend's answer is malformed: ${what}`);
			},
		);
	}
});

test("each fault of a session has its own error", async () => {
	const midAnswer: SessionBehaviour = async (peer) => {
		await peer.send({ type: "response.created", response: { id: "r1" } });
		peer.close();
	};
	const cases: [SessionBehaviour, string, string, boolean][] = [
		[(peer) => peer.cut(), "backend_error", "the backend's answer ended before it was complete", true],
		[(peer) => peer.close(1011, "internal"), "backend_error", "the backend failed (close code 1011): internal", true],
		[midAnswer, "backend_error", "the backend ended the session before it had answered", true],
		[
			(peer) =>
				peer.send({ type: "error", error: { type: "invalid_request_error", code: "session_expired", message: "60 minutes are over" } }),
			"timeout",
			"the backend ended the session at its maximum duration: 60 minutes are over",
			true,
		],
	];
	for (const [behaviour, code, message, retryable] of cases) {
		await against(greet(behaviour), async (connect) => {
			const { channel } = await connect();
			const error = await failure(all(channel));
			assert.is(error.code, code);
			assert.is(error.message, message);
			assert.is(error.retryable, retryable);
		});
	}
});

test.run();
