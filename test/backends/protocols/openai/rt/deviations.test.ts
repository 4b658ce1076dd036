/**
 * Servers that deviate from OpenAI's API within a session. In each case the guest is told, `drain` ends, and the next text is answered.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { answerEvents, greet, type SessionBehaviour, type WireEvent } from "../../../../helpers/realtime-server.ts";
import { against, all } from "./fixture.ts";

const TEXT: RealtimeVoiceInput = { type: "send_text", text: "hi" };
const COMMIT: RealtimeVoiceInput = { type: "commit" };
const error = (more: object): WireEvent => ({ type: "error", error: { type: "invalid_request_error", code: null, param: null, ...more } });
const created = (id: string): WireEvent => ({ type: "response.created", response: { id, status: "in_progress", output: [] } });
const done = (id: string | undefined, more: object = {}): WireEvent => ({
	type: "response.done",
	response: { ...(id === undefined ? {} : { id }), status: "completed", output: [], ...more },
});
const CALL = { type: "function_call", id: "fc1", call_id: "c1", name: "add", arguments: "{}", status: "completed" };

/** Waits until the client has sent events of these types, then sends the reply. */
const on =
	(types: readonly string[], ...reply: readonly (WireEvent | string)[]): SessionBehaviour =>
	async (peer) => {
		for (const type of types) await peer.next(type);
		await peer.send(...reply);
	};

interface Case {
	/** Replies of the server to the first input. */
	readonly server: SessionBehaviour;
	readonly input?: readonly RealtimeVoiceInput[];
	readonly mode?: Partial<rt.Request>;
	readonly config?: Partial<InstanceConfig>;
}

/** A short form of an event, for comparison. */
function brief(event: rt.Event): string {
	switch (event.type) {
		case "response_started":
			return `started ${event.response_started}`;
		case "response_done":
			return `done ${event.response_done}`;
		case "warning":
			return `warning: ${event.warning.message}`;
		case "text":
			return `text of ${event.text.item_id}: ${event.text.text}`;
		case "output_transcript":
			return `transcript of ${event.output_transcript.item_id}: ${event.output_transcript.text}`;
		case "audio":
			return `audio of ${event.audio.item_id}`;
		case "input_transcript":
			return `heard of ${event.input_transcript.item_id}: ${event.input_transcript.text}`;
		case "input_transcript_done":
			return `heard all of ${event.input_transcript_done.item_id}: ${event.input_transcript_done.text}`;
		case "tool_call":
			return `call ${event.tool_call.id} ${event.tool_call.name} ${event.tool_call.arguments}`;
		default:
			return event.type;
	}
}

const NEXT = ["started next", "done next"];

/** Sends the input, drains, then sends a text that the server answers. Checks every event of the guest. */
async function survives({ server, input = [TEXT], mode = {}, config = {} }: Case, expected: readonly string[]): Promise<void> {
	const drained = Promise.withResolvers<void>();
	await against(
		greet(async (peer) => {
			await server(peer);
			await drained.promise;
			await peer.next("response.create");
			await peer.send(...answerEvents("next", []));
		}),
		async (connect) => {
			const { channel } = await connect(mode);
			const events = all(channel);
			for (const each of input) await channel.send(each);
			await channel.drain();
			drained.resolve();
			await answersTheNextText(channel);
			assert.equal((await events).map(brief), [...expected, ...NEXT]);
		},
		config,
	);
}

async function answersTheNextText(channel: RealtimeVoiceChannel): Promise<void> {
	await channel.send({ type: "send_text", text: "and now?" });
	await channel.drain();
	await channel.close();
}

const BUSY = "Conversation already has an active response in progress: resp_1. Wait until the response is finished.";

for (const [what, refusal] of [
	["names no event", { code: "conversation_already_has_active_response", message: BUSY, event_id: null }],
	["has only a text", { message: "Conversation already has an active response" }],
	["names an event of the server", { code: "conversation_already_has_active_response", message: BUSY, event_id: "event_7" }],
] as const) {
	test(`a response that is active when a text is sent delays the answer, although the error ${what}`, () =>
		survives(
			{
				server: async (peer) => {
					await on(["response.create"], error(refusal), created("other"), done("other"))(peer);
					await on(["response.create"], ...answerEvents("mine", []))(peer);
				},
			},
			["started other", "done other", "started mine", "done mine"],
		));
}

test("a response that starts by itself while a text is sent delays the answer", () =>
	survives(
		{
			server: async (peer) => {
				const { event_id } = await peer.next("response.create");
				const refusal = { code: "conversation_already_has_active_response", message: BUSY, event_id };
				await peer.send(created("other"), error(refusal), done("other"));
				await on(["response.create"], ...answerEvents("mine", []))(peer);
			},
		},
		["started other", "done other", "started mine", "done mine"],
	));

test("an error without an event id counts for the requested response", () =>
	survives({ server: on(["response.create"], error({ message: "the model is overloaded" })) }, [
		"warning: the backend finds the request invalid: the model is overloaded",
	]));

for (const [what, event] of [
	["a text", { type: "error", error: "out of memory" }],
	["no member error", { type: "error", message: "out of memory", code: 500 }],
] as const) {
	test(`an error event with ${what} is a warning`, () =>
		survives({ server: on(["response.create"], event) }, ["warning: the backend failed: out of memory"]));
}

test("an error event without any text is a warning", () =>
	survives({ server: on(["response.create"], { type: "error" }) }, ["warning: the backend failed"]));

test("an error about another event of this session leaves the requested response expected", () =>
	survives(
		{
			server: async (peer) => {
				const { event_id } = await peer.next("conversation.item.create");
				await peer.next("response.create");
				await peer.send(error({ message: "no such item", event_id }), created("r1"), done("r1"));
			},
		},
		["warning: the backend finds the request invalid: no such item", "started r1", "done r1"],
	));

test("a commit that is refused without an event id is told, and its answer still arrives", () =>
	survives(
		{
			input: [COMMIT],
			server: on(
				["input_audio_buffer.commit", "response.create"],
				error({ code: "input_audio_buffer_commit_empty", message: "buffer too small" }),
				created("r1"),
				done("r1"),
			),
		},
		["warning: the backend finds the request invalid: buffer too small", "started r1", "done r1"],
	));

test("a commit of a transcription that is refused without an event id is told, and owes no transcript", async () => {
	await against(
		greet(on(["input_audio_buffer.commit"], error({ message: "Error committing input audio buffer: buffer too small." }))),
		async (connect) => {
			const { channel } = await connect({ mode: "transcription", model: "scribe" });
			const events = all(channel);
			await channel.send(COMMIT);
			await channel.drain();
			await channel.close();
			assert.equal((await events).map(brief), [
				"warning: the backend finds the request invalid: Error committing input audio buffer: buffer too small.",
			]);
		},
	);
});

test("transcripts without items are delivered, and end the commit that the server does not confirm", async () => {
	await against(
		greet(
			on(
				["input_audio_buffer.commit"],
				{ type: "transcription.delta", delta: "good " },
				{ type: "transcription.delta", delta: "day" },
				{ type: "transcription.done", text: "good day", usage: { input_tokens: 1 } },
			),
		),
		async (connect) => {
			const { channel } = await connect({ mode: "transcription", model: "scribe" });
			const events = all(channel);
			await channel.send(COMMIT);
			await channel.drain();
			await channel.close();
			assert.equal((await events).map(brief), ["heard of : good ", "heard of : day", "heard all of : good day"]);
		},
	);
});

test("a commit without an item, and a transcript of another item, end", () =>
	survives(
		{
			mode: { transcription_model: "scribe" },
			input: [COMMIT],
			server: on(
				["input_audio_buffer.commit", "response.create"],
				{ type: "input_audio_buffer.committed" },
				{ type: "input_audio_buffer.committed", item_id: "u1" },
				{ type: "conversation.item.input_audio_transcription.completed", item_id: "other", transcript: "hi" },
				{ type: "conversation.item.input_audio_transcription.failed" },
				created("r1"),
				done("r1"),
			),
		},
		["heard all of other: hi", "warning: the backend failed", "started r1", "done r1"],
	));

test("deltas without an item belong to the latest item of the response, else to the response", () =>
	survives(
		{
			server: on(
				["response.create"],
				created("r1"),
				{ type: "response.output_text.delta", response_id: "r1", delta: "a" },
				{ type: "response.output_item.added", response_id: "r1", item: { id: "i1", type: "message" } },
				{ type: "response.output_text.delta", response_id: "r1", delta: "b" },
				{ type: "response.output_audio_transcript.delta", item_id: null, delta: "c" },
				{ type: "response.output_audio.delta", delta: "AAEC" },
				{ type: "response.output_text.delta", item_id: "i1" },
				{ type: "response.output_audio.delta", item_id: "i1", delta: null },
				done("r1"),
			),
		},
		["started r1", "text of r1: a", "text of i1: b", "transcript of i1: c", "audio of i1", "done r1"],
	));

for (const [what, events] of [
	["the end of the response", [done("r1", { output: [CALL] })]],
	[
		"the end of its arguments",
		[{ type: "response.function_call_arguments.done", call_id: "c1", name: "add", arguments: "{}", item_id: "fc1" }, done("r1")],
	],
	[
		"the end of its arguments without a name",
		[
			{ type: "response.output_item.added", item: { ...CALL, arguments: "", status: "in_progress" } },
			{ type: "response.function_call_arguments.done", call_id: "c1", arguments: "{}", item_id: "fc1" },
			done("r1"),
		],
	],
	[
		"every place",
		[
			{ type: "response.function_call_arguments.done", call_id: "c1", name: "add", arguments: "{}", item_id: "fc1" },
			{ type: "response.output_item.done", item: CALL },
			done("r1", { output: [CALL] }),
		],
	],
] as const) {
	test(`a tool call is delivered once when the server reports it at ${what}`, () =>
		survives({ server: on(["response.create"], created("r1"), ...events) }, ["started r1", "call c1 add {}", "done r1"]));
}

test("the arguments of a tool call may be an object or absent, and its id that of the item", () =>
	survives(
		{
			server: on(
				["response.create"],
				created("r1"),
				done("r1", {
					output: [
						{ ...CALL, arguments: { a: 1 }, status: undefined },
						{ ...CALL, call_id: undefined, arguments: undefined },
					],
				}),
			),
		},
		["started r1", 'call c1 add {"a":1}', "call fc1 add ", "done r1"],
	));

test("a tool call of a cancelled response is not delivered", () =>
	survives(
		{
			server: on(
				["response.create"],
				created("r1"),
				{ type: "response.function_call_arguments.done", call_id: "c1", name: "add", arguments: "{", item_id: "fc1" },
				done("r1", { status: "cancelled", output: [{ ...CALL, status: "incomplete" }] }),
			),
		},
		["started r1", "done r1"],
	));

for (const [what, events, expected] of [
	["has no id", [created("r1"), done(undefined)], ["started r1", "done r1"]],
	["has another id", [created("r1"), done("r2")], ["started r1", "done r1"]],
	["was not announced", [done("r1")], ["done r1"]],
	["comes twice", [created("r1"), done("r1"), done("r1", { status: "failed" })], ["started r1", "done r1"]],
	["has no response", [created("r1"), { type: "response.done" }], ["started r1", "done r1"]],
	["is an event of its own for a cancel", [created("r1"), { type: "response.cancelled", response_id: "r1" }], ["started r1", "done r1"]],
] as const) {
	test(`a response ends when its end ${what}`, () => survives({ server: on(["response.create"], ...events) }, expected));
}

test("a cancel before the response has started is sent when it starts", () =>
	survives(
		{
			input: [TEXT, { type: "cancel" }],
			server: async (peer) => {
				await on(["response.create"], created("r1"))(peer);
				await on(["response.cancel"], done("r1", { status: "cancelled" }))(peer);
			},
		},
		["started r1", "done r1"],
	));

test("a cancel that comes too late is no warning", () =>
	survives(
		{
			input: [TEXT, { type: "cancel" }],
			server: async (peer) => {
				await on(["response.create"], created("r1"), done("r1"))(peer);
				await on(["response.cancel"], error({ code: "response_cancel_not_active", message: "no active response found" }))(peer);
			},
		},
		["started r1", "done r1"],
	));

const SILENT = "warning: the backend sent nothing for 40 ms although an answer is due; the session no longer waits for it";
const IMPATIENT = { options: { silence_timeout_ms: 40 } };

for (const [what, input, events] of [
	["a text", [TEXT], []],
	["a text whose response has no end", [TEXT], [created("r1")]],
	["a commit", [COMMIT], []],
] as const) {
	test(`a server that owes an answer to ${what} and stays silent is not waited for`, () =>
		survives({ input, config: IMPATIENT, server: on(["response.create"], ...events) }, [...events.map(() => "started r1"), SILENT]));
}

test("a text waits for a response that never ends no longer than the server may be silent", () =>
	survives(
		{
			config: IMPATIENT,
			input: [TEXT],
			server: async (peer) => {
				await on(["response.create"], error({ code: "conversation_already_has_active_response", message: BUSY }))(peer);
				await on(["response.create"], ...answerEvents("mine", []))(peer);
			},
		},
		[SILENT, "started mine", "done mine"],
	));

test.run();
