/** Events of clients and of backends in any order and form. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { HttpError } from "../../../src/serve/http-error.ts";
import { Fields } from "../../../src/serve/openai/fields.ts";
import { audioBytes, clientEvent } from "../../../src/serve/realtime/client-event.ts";
import { ConversationEvents, type LiveEvent } from "../../../src/serve/realtime/conversation-events.ts";
import { inputEffects } from "../../../src/serve/realtime/input-events.ts";
import { SessionConfig } from "../../../src/serve/realtime/session-config.ts";
import { Turn } from "../../../src/serve/realtime/turn.ts";
import { assertLinear } from "../../helpers/growth.ts";

const TYPES = [
	"session.update",
	"input_audio_buffer.append",
	"input_audio_buffer.commit",
	"input_audio_buffer.clear",
	"conversation.item.create",
	"conversation.item.truncate",
	"response.create",
	"response.cancel",
];
const NAMES = [
	"type",
	"session",
	"audio",
	"input",
	"output",
	"format",
	"tools",
	"item",
	"content",
	"role",
	"text",
	"call_id",
	"turn_detection",
	"voice",
	"__proto__",
	"constructor",
];
const VALUES = ["message", "user", "input_text", "function", "server_vad", "audio/pcm", "realtime", "AAAA", "", null, 0, -1, 1.5, true];

const json = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.constantFrom(...VALUES),
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 5 }),
	),
})).value;

test("any event of a client has effects, or is refused as the client's fault", () => {
	fc.assert(
		fc.property(
			fc.constantFrom("conversation", "transcription"),
			fc.array(fc.tuple(fc.constantFrom(...TYPES), json), { maxLength: 8 }),
			(mode, events) => {
				let config = SessionConfig.of(mode === "conversation" ? "conversation" : "transcription", "m");
				const turn = new Turn();
				const conversation = new ConversationEvents();
				for (const [type, members] of events) {
					try {
						const event = clientEvent(JSON.stringify({ ...Object(members), type }));
						if (type !== "session.update") inputEffects(event, { mode: config.mode, turn, conversation });
						else config = config.updated(event.fields.fields("session") ?? new Fields({}, "session"));
						JSON.stringify(config.view("s"));
					} catch (thrown) {
						assert.ok(thrown instanceof HttpError && thrown.status === 400, String(thrown));
					}
				}
			},
		),
		{ numRuns: 500 },
	);
});

test("any order of a backend's events ends each response and each item once", () => {
	const id = fc.constantFrom("", "a", "b");
	const text = fc.record({ item_id: id, text: fc.constantFrom("", "x") });
	const event: fc.Arbitrary<LiveEvent> = fc.oneof(
		fc.record({ type: fc.constant("speech_started" as const), speech_started: fc.nat() }),
		fc.record({ type: fc.constant("speech_stopped" as const), speech_stopped: fc.nat() }),
		fc.record({ type: fc.constant("input_transcript" as const), input_transcript: text }),
		fc.record({ type: fc.constant("input_transcript_done" as const), input_transcript_done: text }),
		fc.record({ type: fc.constant("response_started" as const), response_started: id }),
		fc.record({ type: fc.constant("audio" as const), audio: fc.record({ item_id: id, audio: fc.uint8Array({ maxLength: 4 }) }) }),
		fc.record({ type: fc.constant("output_transcript" as const), output_transcript: text }),
		fc.record({ type: fc.constant("text" as const), text }),
		fc.record({ type: fc.constant("tool_call" as const), tool_call: fc.record({ id, name: id, arguments: id }) }),
		fc.record({ type: fc.constant("response_done" as const), response_done: id }),
	);
	fc.assert(
		fc.property(fc.array(event, { maxLength: 40 }), (events) => {
			const conversation = new ConversationEvents();
			const made = [...events, { type: "response_done", response_done: "" } as const].flatMap((each) => conversation.eventsOf(each));
			const count = (type: string) => made.filter((each) => each.type === type).length;
			assert.is(count("response.created"), count("response.done"));
			assert.is(count("response.output_item.added"), count("response.output_item.done"));
			assert.is(count("response.content_part.added"), count("response.content_part.done"));
			assert.is(count("conversation.item.added"), count("conversation.item.done"));
		}),
		{ numRuns: 500 },
	);
});

test("a response of an endless backend is bounded", () => {
	const conversation = new ConversationEvents();
	const endless = (event: LiveEvent) => {
		for (let count = 0; count < 100_000; count++) conversation.eventsOf(event);
	};
	const text = "x".repeat(1000);
	assert.throws(
		() => endless({ type: "text", text: { item_id: "a", text } }),
		(thrown: unknown) => thrown instanceof SpearError && thrown.code === "backend_error",
	);
	assert.throws(
		() => endless({ type: "tool_call", tool_call: { id: "a", name: "b", arguments: "" } }),
		(thrown: unknown) => thrown instanceof SpearError,
	);
});

for (const [name, make, run] of [
	["base64", (size: number) => "A".repeat(size - (size % 4)), (text: string) => audioBytes(text, "audio")],
	["base64 that ends wrong", (size: number) => `${"A".repeat(size - (size % 4) - 4)}AA*=`, (text: string) => audioBytes(text, "audio")],
	[
		"tools of a session",
		(size: number) =>
			JSON.stringify({
				type: "x",
				session: { tools: Array.from({ length: size / 16 }, (_, index) => ({ type: "function", name: `t${index}` })) },
			}),
		(text: string) => SessionConfig.of("conversation", "m").updated(clientEvent(text).fields.fields("session") ?? new Fields({}, "")),
	],
	["an event that is cut", (size: number) => `{"type":"${"[".repeat(size)}`, (text: string) => clientEvent(text)],
] as const) {
	test(`reading ${name} takes linear time`, () => assertLinear({ name, make, run }));
}

test.run();
