import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { IR_USAGE, piece, response, upstream, type WireResponse, wire } from "../upstream.ts";
import { STREAM_CASES } from "./stream-cases.ts";

for (const [name, { events, whole, response: expected, deltas }] of Object.entries(STREAM_CASES)) {
	const completed = { type: "completed", completed: expected };

	test(`${name} is read from a whole answer`, () =>
		upstream([answer.json(whole)], async ({ chat, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), expected);
		}));

	test(`${name} is read from a stream to the same message`, () =>
		upstream([answer.stream(wire(events))], async ({ chat, context }) => {
			assert.equal(await collect(chat.stream(chatEnvelope(), context)), [...deltas, { type: "usage", usage: IR_USAGE }, completed]);
		}));

	test(`${name} is read from a whole answer, and from a list of all events, in place of a stream`, () =>
		upstream([answer.json(whole), answer.json(events)], async ({ chat, context }) => {
			assert.equal((await collect(chat.stream(chatEnvelope(), context))).at(-1), completed);
			assert.equal((await collect(chat.stream(chatEnvelope(), context))).at(-1), completed);
		}));

	test(`${name} is never whole if the stream is cut before its last event`, async () => {
		for (let kept = 0; kept < events.length; kept++) {
			const bytes = wire(events.slice(0, kept));
			for (const behaviour of kept === 0 ? [answer.cutOff(bytes)] : [answer.stream(bytes), answer.cutOff(bytes)]) {
				await upstream([behaviour], async ({ chat, context }) => {
					const received: string[] = [];
					const error = await failure(
						(async () => {
							for await (const { type } of chat.stream(chatEnvelope(), context)) received.push(type);
						})(),
					);
					assert.is(error.code, "backend_error", `${kept} events`);
					assert.is(error.retryable, true, `${kept} events`);
					assert.not(received.includes("completed"), `${kept} events`);
				});
			}
		}
	});
}

test("a cut within the last event is a cut", () => {
	const bytes = wire([piece({ text: "x" }), response([])]);
	return upstream([answer.stream(bytes.subarray(0, bytes.length - 8))], async ({ chat, context }) => {
		const error = await failure(collect(chat.stream(chatEnvelope(), context)));
		assert.is(error.message, "the backend's answer ended before it was complete");
		assert.equal(error.usage, { input_tokens: 12, total_tokens: 12 });
	});
});

test("a stream without any event is a failure", () =>
	upstream([answer.stream(Buffer.from(""))], async ({ chat, context }) => {
		assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).code, "backend_error");
	}));

test("the last event of a proxy's stream is no part of the answer", () =>
	upstream(
		[answer.stream(Buffer.concat([wire([response([{ text: "Hi" }])]), Buffer.from("data: [DONE]\n\n")]))],
		async ({ chat, context }) => {
			assert.is((await collect(chat.stream(chatEnvelope(), context))).at(-1)?.type, "completed");
		},
	));

test("a reason that the API leaves unspecified is none", () => {
	const open = { ...piece({ text: "Hi" }), promptFeedback: { blockReason: "BLOCK_REASON_UNSPECIFIED" } };
	const unspecified = { candidates: [{ content: { parts: [{ text: "!" }] }, finishReason: "FINISH_REASON_UNSPECIFIED" }] };
	return upstream(
		[answer.stream(wire([open, unspecified])), answer.stream(wire([open, unspecified, response([])]))],
		async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(error.message, "the backend's answer ended before it was complete");
			const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			assert.is(completed?.type === "completed" ? completed.completed.finish_reason : undefined, "stop");
		},
	);
});

test("events after the reason of the end still count", () => {
	const usage = { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } };
	const events = [{ ...response([{ text: "Hi" }]), usageMetadata: undefined }, usage];
	return upstream([answer.stream(wire(events))], async ({ chat, context }) => {
		const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.equal(completed?.type === "completed" ? completed.completed.usage : completed, {
			input_tokens: 1,
			output_tokens: 2,
			total_tokens: 3,
		});
	});
});

test("calls without ids get ids that no call of the conversation has", () => {
	const call = { functionCall: { name: "f", args: { n: 1 } } };
	return upstream([answer.json(response([call, call]))], async ({ chat, context }) => {
		const { message } = await chat.unary(chatEnvelope(), context);
		const [first, second] = message.tool_calls.map(({ id }) => id);
		assert.match(first ?? "", /^[A-Za-z0-9]{9}$/);
		assert.match(second ?? "", /^[A-Za-z0-9]{9}$/);
		assert.is.not(first, second);
	});
});

test("arguments are read as the model wrote them", () => {
	const args = '{"n": 12345678901234567890, "t": 1.0}';
	const text = JSON.stringify(response([{ functionCall: { id: "a", name: "f", args: { raw: 1 } } }])).replace('{"raw":1}', args);
	return upstream([answer.text(text), answer.stream(Buffer.from(`data: ${text}\n\n`))], async ({ chat, context }) => {
		assert.is((await chat.unary(chatEnvelope(), context)).message.tool_calls[0]?.arguments, args);
		const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.is(completed?.type === "completed" ? completed.completed.message.tool_calls[0]?.arguments : undefined, args);
	});
});

test("a thought after a signed one stays apart from it", () => {
	const parts = [
		{ text: "A", thought: true, thoughtSignature: "S" },
		{ text: "B", thought: true },
		{ text: "C", thought: true },
	];
	return upstream([answer.json(response(parts))], async ({ chat, context }) => {
		const { message } = await chat.unary(chatEnvelope(), context);
		assert.equal(
			message.content.map((part) => (part.type === "reasoning" ? [part.reasoning.text, part.reasoning.sealed?.kind] : part)),
			[
				["A", "content.thought"],
				["BC", undefined],
			],
		);
	});
});

/** Answers that hold nothing of use, and the errors for them. */
const SPOILED: Readonly<Record<string, readonly [answer: WireResponse, error: string]>> = {
	// https://github.com/vercel/ai/pull/5039
	"a malformed call": [
		response([], { content: {}, finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "Malformed function call: print(f())" }),
		"backend_error retry request: the model wrote a tool call that cannot be read: Malformed function call: print(f())",
	],
	// https://github.com/Wei-Shaw/sub2api/issues/7081
	"a signature alone": [
		response([{ thoughtSignature: "S" }], { finishReason: "MALFORMED_FUNCTION_CALL" }),
		"backend_error retry request: the model wrote a tool call that cannot be read",
	],
	// https://github.com/agentjido/req_llm/issues/944
	"a call of a tool that the request does not have": [
		{ ...response([]), candidates: [{ finishReason: "UNEXPECTED_TOOL_CALL", index: 0 }] },
		"backend_error retry request: the model called a tool that the request does not have",
	],
	"a missing signature": [
		response([], { finishReason: "MISSING_THOUGHT_SIGNATURE" }),
		"invalid_request final request: messages: a tool call has lost its thought signature; return opaque parts unchanged",
	],
};

for (const [name, [body, expected]] of Object.entries(SPOILED)) {
	test(`${name} is an error with the usage`, () =>
		upstream([answer.json(body), answer.stream(wire([body]))], async ({ chat, context }) => {
			for (const call of [chat.unary(chatEnvelope(), context), collect(chat.stream(chatEnvelope(), context))]) {
				const { code, retryable, attribution, message, usage } = await failure(call);
				assert.is(`${code} ${retryable ? "retry" : "final"} ${attribution}: ${message}`, expected);
				assert.equal(usage, IR_USAGE);
			}
		}));
}

const MALFORMED: Readonly<Record<string, readonly [answer: unknown, message: string]>> = {
	"an empty object": [{}, "it has no candidate with a finishReason"],
	"an answer without candidates": [{ ...response([]), candidates: [] }, "it has no candidate with a finishReason"],
	"an answer without a reason": [response([{ text: "x" }], { finishReason: undefined }), "it has no candidate with a finishReason"],
	"a list of words": [["x"], "it is not an object"],
	"parts that are no list": [response([], { content: { parts: "x" } }), "parts is not a list"],
	"a part that is no object": [response([], { content: { parts: ["x"] } }), "a part is not an object"],
	"a call without a name": [response([{ functionCall: { args: {} } }]), "a tool call has no name"],
	"a call in pieces": [response([{ functionCall: { name: "f", willContinue: true } }]), "a tool call arrives in pieces"],
	"arguments that are no object": [
		response([{ functionCall: { name: "f", args: [1] } }]),
		"the arguments of a tool call are not an object",
	],
	"too many opaque parts": [
		response(Array.from({ length: 1001 }, () => ({ executableCode: {} }))),
		"it has more than 1000 blocks that only its provider understands",
	],
};

for (const [name, [body, message]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed`, () =>
		upstream([answer.json(body)], async ({ chat, context }) => {
			assert.is((await failure(chat.unary(chatEnvelope(), context))).message, `the backend's answer is malformed: ${message}`);
		}));
}

test("an abort ends a stream and closes the connection", () =>
	upstream([answer.stall(wire([piece({ text: "Hi" })]))], async ({ chat, server, context }) => {
		const controller = new AbortController();
		const events = chat.stream(chatEnvelope(), { ...context, signal: controller.signal })[Symbol.asyncIterator]();
		assert.equal((await events.next()).value, { type: "text", text: "Hi" });
		const next = events.next();
		controller.abort();
		assert.is((await failure(next)).code, "cancelled");
		assert.equal(await (await server.request(0)).ended, { clientClosed: true });
	}));

test.run();
