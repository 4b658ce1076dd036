import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../../helpers/openai-server.ts";
import { exceptionFrame, FRAMES, frame } from "../../../../transport/http/aws-frames.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { answerStream, IR_USAGE, streamed, upstream, wholeAnswer, wire } from "../upstream.ts";
import { STREAM_CASES, wholeText } from "./stream-cases.ts";

for (const [name, streamCase] of Object.entries(STREAM_CASES)) {
	const { events, response, deltas } = streamCase;

	test(`${name} is read from a whole answer`, () =>
		upstream([answer.text(wholeText(streamCase))], async ({ chat, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), response);
		}));

	test(`${name} is read from a stream to the same message`, () =>
		upstream([streamed(wire(events))], async ({ chat, context }) => {
			const received = await collect(chat.stream(chatEnvelope(), context));
			assert.equal(
				received.filter(({ type }) => type !== "usage"),
				[...deltas, { type: "completed", completed: response }],
			);
			assert.equal(
				received.filter(({ type }) => type === "usage"),
				[{ type: "usage", usage: IR_USAGE }],
			);
		}));

	test(`${name} is read from a whole answer to a request for a stream`, () =>
		upstream([answer.text(wholeText(streamCase))], async ({ chat, context }) => {
			assert.equal((await collect(chat.stream(chatEnvelope(), context))).at(-1), { type: "completed", completed: response });
		}));

	test(`${name} is never whole if the stream is cut before its last event`, async () => {
		for (let kept = 0; kept < events.length; kept++) {
			const bytes = wire(events.slice(0, kept));
			for (const behaviour of [streamed(bytes), answer.cutOff(bytes, FRAMES)]) {
				await upstream([behaviour], async ({ chat, context }) => {
					const error = await failure(collect(chat.stream(chatEnvelope(), context)));
					assert.equal([error.code, error.retryable], ["backend_error", true], `${kept} events`);
				});
			}
		}
	});
}

test("a stream is cut wherever its bytes end, within a frame and between frames", async () => {
	const { events = [] } = STREAM_CASES["a text"] ?? {};
	const bytes = wire(events);
	const between = wire(events.slice(0, 2)).length;
	const ends = [1, between - 1, between, between + 1, bytes.length - 1];
	await upstream(
		ends.map((end) => streamed(bytes.subarray(0, end))),
		async ({ chat, context }) => {
			for (const end of ends)
				assert.match((await failure(collect(chat.stream(chatEnvelope(), context)))).message, /ended before it was complete$/, `${end}`);
		},
	);
});

// https://github.com/anomalyco/opencode/pull/38712
test("a later event with metrics alone leaves the usage as it is", () => {
	const events = [...answerStream([[undefined, { text: "x" }]]), ["metadata", { metrics: { latencyMs: 9 } }] as const];
	return upstream([streamed(wire(events))], async ({ chat, context }) => {
		const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.equal(completed?.type === "completed" ? completed.completed.usage : completed, IR_USAGE);
	});
});

test("events and deltas of unknown types are ignored, and calls that the upstream carries out itself", () => {
	const blocks = answerStream([
		[{ toolUse: { name: "nova_grounding", toolUseId: "a", type: "server_tool_use" } }, { toolUse: { input: "{}" } }],
		[{ toolResult: { toolUseId: "a", type: "nova_grounding_result" } }, { toolResult: [{ json: {} }] }],
		[undefined, { mood: "calm" }, { text: "Hi" }],
	]);
	return upstream([streamed(wire([["weather", { text: "rain" }], ...blocks]))], async ({ chat, context }) => {
		const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.equal(completed?.type === "completed" ? completed.completed.message : completed, {
			role: "assistant",
			content: [{ type: "text", text: "Hi" }],
			tool_calls: [],
		});
	});
});

test("a block that only the provider understands becomes an opaque part of a whole answer", () =>
	upstream([answer.json(wholeAnswer([{ image: { format: "png", source: { bytes: "AQ==" } } }]))], async ({ chat, context }) => {
		const { message } = await chat.unary(chatEnvelope(), context);
		const [part] = message.content;
		assert.is(part?.type === "opaque" ? part.opaque.kind : part, "content.image");
	}));

/** Meaning of an exception within a stream. */
const EXCEPTIONS: Readonly<Record<string, readonly [payload: object | string, message: string, meaning: string]>> = {
	throttlingException: [{ message: "Slow down" }, "the backend asks to slow down: Slow down", "rate_limited true capacity"],
	modelStreamErrorException: [
		{ message: "Oh", originalStatusCode: 500, originalMessage: "x" },
		"the backend failed: Oh",
		"backend_error true backend",
	],
	internalServerException: [{ Message: "Oh" }, "the backend failed: Oh", "backend_error true backend"],
	serviceUnavailableException: [{ message: "Busy" }, "the backend is overloaded: Busy", "backend_error true capacity"],
	validationException: [{ message: "No" }, "the backend finds the request invalid: No", "invalid_request false request"],
	modelTimeoutException: [{ message: "Late" }, "the backend ran out of time: Late", "timeout true backend"],
	unknownException: ["not JSON", "the backend failed: not JSON", "backend_error true backend"],
};

for (const [name, [payload, message, meaning]] of Object.entries(EXCEPTIONS)) {
	test(`the exception ${name} within a stream keeps its meaning and the usage so far`, () => {
		const before = answerStream([[undefined, { text: "Hi" }]]);
		const bytes = Buffer.concat([wire(before), exceptionFrame(name, payload)]);
		return upstream([streamed(bytes)], async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(error.message, message);
			assert.is(`${error.code} ${error.retryable} ${error.attribution}`, meaning);
			assert.equal(error.usage, IR_USAGE);
		});
	});
}

test("an error frame without a model has its code and message", () => {
	const bytes = frame({ ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Oh" }, "");
	return upstream([streamed(bytes)], async ({ chat, context }) => {
		assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).message, "the backend failed: Oh");
	});
});

const MALFORMED: Readonly<Record<string, readonly [event: readonly [string, object], message: string]>> = {
	"a delta without an index": [["contentBlockDelta", { delta: { text: "x" } }], "an event has no contentBlockIndex"],
	"a delta without content": [["contentBlockDelta", { contentBlockIndex: 0 }], "contentBlockDelta has no delta"],
	"a call without a name": [
		["contentBlockStart", { contentBlockIndex: 0, start: { toolUse: { toolUseId: "a" } } }],
		"a tool call has no name",
	],
	"arguments before their call": [
		["contentBlockDelta", { contentBlockIndex: 0, delta: { toolUse: { input: "{}" } } }],
		"arguments arrive for a tool call that has not started",
	],
	"an end without a reason": [["messageStop", {}], "messageStop has no stopReason"],
};

for (const [name, [event, message]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed`, () =>
		upstream([streamed(wire([event]))], async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
		}));
}

test.run();
