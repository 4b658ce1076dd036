import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure, turns } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { IR_USAGE, NDJSON, streamed, streamLines, upstream, wholeAnswer, wire } from "../upstream.ts";
import { STREAM_CASES } from "./stream-cases.ts";

for (const [name, { messages, end = {}, whole, deltas, response }] of Object.entries(STREAM_CASES)) {
	const lines = streamLines(messages, end);
	const expected = [...deltas, { type: "usage", usage: IR_USAGE }, { type: "completed", completed: response }];

	test(`${name} is read from a whole answer`, () =>
		upstream([answer.json(wholeAnswer(whole, end))], async ({ chat, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), response);
		}));

	test(`${name} is read from a stream to the same message`, () =>
		upstream([streamed(wire(lines))], async ({ chat, context }) => {
			assert.equal(await collect(chat.stream(chatEnvelope(), context)), expected);
		}));

	test(`${name} is read from a whole answer to a request for a stream`, () =>
		upstream([answer.json(wholeAnswer(whole, end))], async ({ chat, context }) => {
			assert.equal((await collect(chat.stream(chatEnvelope(), context))).at(-1), { type: "completed", completed: response });
		}));

	test(`${name} is never whole if the stream is cut before its last line`, async () => {
		for (let kept = 0; kept < lines.length; kept++) {
			for (const behaviour of [streamed(wire(lines.slice(0, kept))), answer.cutOff(wire(lines.slice(0, kept)), NDJSON)]) {
				await upstream([behaviour], async ({ chat, context }) => {
					const received: string[] = [];
					const reading = async () => {
						for await (const { type } of chat.stream(chatEnvelope(), context)) received.push(type);
					};
					const { code, retryable } = await failure(reading());
					assert.equal([code, retryable, received.includes("completed")], ["backend_error", true, false], `${kept} lines`);
				});
			}
		}
	});
}

test("a stream that is cut within its last line is a cut at every byte, and only the missing end of the line is none", async () => {
	const bytes = wire(streamLines([{ content: "x" }]));
	const start = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
	const ends = Array.from({ length: bytes.length - start }, (_, index) => start + index);
	await upstream(
		ends.map((end) => streamed(bytes.subarray(0, end))),
		async ({ chat, context }) => {
			for (const end of ends) {
				const events = collect(chat.stream(chatEnvelope(), context));
				if (end === bytes.length - 1) assert.is((await events).at(-1)?.type, "completed");
				else assert.is((await failure(events)).message, "the backend's answer ended before it was complete", `cut at ${end}`);
			}
		},
	);
});

test("calls without an id get one each, new in the conversation", () => {
	const calls = { tool_calls: [{ function: { name: "f", arguments: {} } }, { function: { name: "f" } }] };
	return upstream([streamed(wire(streamLines([calls])))], async ({ chat, context }) => {
		const last = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		const found = last?.type === "completed" ? last.completed.message.tool_calls : [];
		assert.equal(
			found.map(({ name, arguments: args }) => [name, args]),
			[
				["f", "{}"],
				["f", "{}"],
			],
		);
		assert.is(new Set(found.map(({ id }) => id)).size, 2);
		for (const { id } of found) assert.match(id, /^\w{9}$/);
	});
});

test("a last line without a reason is an end, and an unknown reason is another", () =>
	upstream(
		[undefined, "", "load", "unload", "tired"].map((done_reason) => answer.json(wholeAnswer({ content: "x" }, { done_reason }))),
		async ({ chat, context }) => {
			const reasons: string[] = [];
			for (let index = 0; index < 5; index++) reasons.push((await chat.unary(chatEnvelope(), context)).finish_reason);
			assert.equal(reasons, ["stop", "stop", "other", "other", "other"]);
		},
	));

test("an answer without counts has no usage, and one with a single count has that", () =>
	upstream(
		[
			answer.json(wholeAnswer({}, { prompt_eval_count: undefined, eval_count: undefined })),
			answer.json(wholeAnswer({}, { prompt_eval_count: undefined })),
		],
		async ({ chat, context }) => {
			assert.is((await chat.unary(chatEnvelope(), context)).usage, undefined);
			assert.equal((await chat.unary(chatEnvelope(), context)).usage, { output_tokens: 282 });
		},
	));

test("a stream leaves its connection usable, and a last line of another form closes it", () => {
	const odd = wire([...streamLines([{ content: "A" }]).slice(0, 1), { done: true, message: { content: "B" }, logprobs: [{}] }]);
	return upstream(
		[1, 2].map(() => streamed(wire(streamLines([{ content: "A" }])))).concat(streamed(odd)),
		async ({ chat, server, context }) => {
			for (const text of ["A", "A", "AB"]) {
				const last = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
				assert.equal(last?.type === "completed" ? last.completed.message.content : last, [{ type: "text", text }]);
				await server.requests.at(-1)?.ended;
				await turns(5); // The body may end after the last line.
			}
			assert.is(server.requests[1]?.clientPort, server.requests[0]?.clientPort);
		},
	);
});

const MALFORMED: Readonly<Record<string, readonly [line: unknown, message: string]>> = {
	"a line that is no object": [[1], "an event of the stream is not an object"],
	"a line that is no JSON": ["x".repeat(9), "an event of the stream is not an object"],
	"a message that is no object": [{ message: "x" }, "message is not an object"],
	"a content that is no string": [{ message: { content: [] } }, "message.content is not a string"],
	"calls that are no list": [{ message: { tool_calls: {} } }, "message.tool_calls is not a list"],
	"a call without a function": [{ message: { tool_calls: [{}] } }, "a tool call has no name"],
	"a call without a name": [{ message: { tool_calls: [{ function: { name: "" } }] } }, "a tool call has no name"],
	"a call whose arguments are a list": [
		{ message: { tool_calls: [{ function: { name: "f", arguments: [1] } }] } },
		"the arguments of a tool call are not an object",
	],
};

for (const [name, [line, message]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed`, () =>
		upstream([streamed(Buffer.from(`${JSON.stringify(line)}\n${JSON.stringify(line)}\n`))], async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
		}));
}

test("a whole answer that is not done, or has no message, is malformed", () =>
	upstream([answer.json(wholeAnswer({}, { done: false })), answer.json({ done: true, eval_count: 3 })], async ({ chat, context }) => {
		assert.is((await failure(chat.unary(chatEnvelope(), context))).message, "the backend's answer is malformed: done is not true");
		const failed = await failure(chat.unary(chatEnvelope(), context));
		assert.equal([failed.message, failed.usage], ["the backend's answer is malformed: message is missing", { output_tokens: 3 }]);
	}));

test("an abort ends a stream and closes the connection", () =>
	upstream([answer.stall(wire(streamLines([{ content: "Hi" }]).slice(0, 1)), NDJSON)], async ({ chat, server, context }) => {
		const controller = new AbortController();
		const events = chat.stream(chatEnvelope(), { ...context, signal: controller.signal })[Symbol.asyncIterator]();
		assert.equal((await events.next()).value, { type: "text", text: "Hi" });
		const next = events.next();
		controller.abort();
		assert.is((await failure(next)).code, "cancelled");
		assert.equal(await (await server.request(0)).ended, { clientClosed: true });
	}));

test("an abort ends a call without a stream", () =>
	upstream([answer.silence()], async ({ chat, server, context }) => {
		const controller = new AbortController();
		const call = chat.unary(chatEnvelope(), { ...context, signal: controller.signal });
		const request = await server.request(0);
		controller.abort();
		assert.is((await failure(call)).code, "cancelled");
		assert.equal(await request.ended, { clientClosed: true });
	}));

test.run();
