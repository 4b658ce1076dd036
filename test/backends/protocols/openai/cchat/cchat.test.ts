import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { chunk, completion, KEY, upstream, usageChunk } from "../upstream.ts";

const USAGE = {
	prompt_tokens: 12,
	completion_tokens: 30,
	total_tokens: 42,
	prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
	completion_tokens_details: { reasoning_tokens: 20 },
};
const IR_USAGE = { input_tokens: 12, output_tokens: 30, total_tokens: 42, cached_input_tokens: 8, reasoning_tokens: 20 };

test("a question is sent to the completions endpoint with the key, and its answer is returned", () =>
	upstream(
		[answer.json(completion({ content: "Hello." }, { usage: USAGE }))],
		async ({ chat, server, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), {
				id: "chatcmpl-42",
				model: "small-2026-03-01",
				message: { role: "assistant", content: [{ type: "text", text: "Hello." }], tool_calls: [] },
				finish_reason: "stop",
				usage: IR_USAGE,
			});
			const [request] = server.requests;
			assert.is(request?.method, "POST");
			assert.is(request?.path, "/v1/chat/completions");
			assert.is(request?.headers.authorization, `Bearer ${KEY}`);
			assert.is(request?.headers["openai-project"], "p1");
			assert.is(request?.body, '{"model":"small","messages":[{"role":"user","content":"Hi"}]}');
		},
		{ headers: { "OpenAI-Project": "p1" } },
	));

test("a malformed answer keeps the usage that it reports", () =>
	upstream([answer.json({ ...completion({ content: 7 }, { usage: USAGE }) })], async ({ chat, context }) => {
		const error = await failure(chat.unary(chatEnvelope(), context));
		assert.is(error.code, "backend_error");
		assert.equal(error.usage, IR_USAGE);
	}));

test("a malformed chunk keeps the usage that it reports", () =>
	upstream([answer.stream([sse([{ choices: "none", x_groq: { usage: USAGE } }])])], async ({ chat, context }) => {
		const error = await failure(collect(chat.stream(chatEnvelope(), context)));
		assert.is(error.code, "backend_error");
		assert.equal(error.usage, IR_USAGE);
	}));

test("a configured header carries the bare key", () =>
	upstream(
		[answer.json(completion({ content: "Hello." }))],
		async ({ chat, server, context }) => {
			await chat.unary(chatEnvelope(), context);
			assert.is(server.requests[0]?.headers["api-key"], KEY);
			assert.is(server.requests[0]?.headers.authorization, undefined);
		},
		{ options: { auth_header: "api-key" } },
	));

test("the parts of a message are returned in a fixed order", () =>
	upstream(
		[
			answer.json(
				completion(
					{
						content: "See there.",
						refusal: "No more.",
						reasoning_content: "Hmm.",
						annotations: [{ type: "url_citation", url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 3 } }],
						tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city": "Oslo"}' } }],
					},
					{ finish_reason: "tool_calls" },
				),
			),
		],
		async ({ chat, context }) => {
			const { message, finish_reason, usage } = await chat.unary(chatEnvelope(), context);
			assert.equal(message, {
				role: "assistant",
				content: [
					{ type: "reasoning", reasoning: { text: "Hmm." } },
					{ type: "text", text: "See there." },
					{ type: "refusal", refusal: "No more." },
					{ type: "annotation", annotation: { url: "https://a.example", title: "A", start_index: 0, end_index: 3 } },
				],
				tool_calls: [{ id: "call_1", name: "weather", arguments: '{"city": "Oslo"}' }],
			});
			assert.is(finish_reason, "tool_calls");
			assert.is(usage, undefined);
		},
	));

test("finish reasons are translated, and an answer with tool calls has the reason tool_calls", () => {
	const tool_calls = [{ id: "call_1", type: "function", function: { name: "t", arguments: "{}" } }];
	const cases: [object, string, cchat.FinishReason][] = [
		[{ content: "a" }, "length", "length"],
		[{ content: "a" }, "content_filter", "content_filter"],
		[{ content: "a" }, "eos", "other"],
		[{ tool_calls }, "stop", "tool_calls"],
		[{ tool_calls }, "length", "length"],
	];
	return upstream(
		cases.map(([message, finish_reason]) => answer.json(completion(message, { finish_reason }))),
		async ({ chat, context }) => {
			for (const [, , expected] of cases) assert.is((await chat.unary(chatEnvelope(), context)).finish_reason, expected);
		},
	);
});

test("an answer of the wrong shape is malformed, and the error names the member", () => {
	const call = (more: object) =>
		completion({ tool_calls: [{ id: "c", type: "function", function: { name: "t", arguments: "{}" }, ...more }] });
	const cases: [unknown, string][] = [
		[[], "it is not an object"],
		["Hello.", "it is not an object"],
		[{}, "choices[0] is missing"],
		[{ choices: [] }, "choices[0] is missing"],
		[{ choices: [{ message: "Hello." }] }, "choices[0].message is missing"],
		[completion({ content: 1 }), "choices[0].message.content is neither a string nor a list"],
		[completion({ content: ["a"] }), "choices[0].message.content holds something that is not an object"],
		[completion({ content: [{ type: "text" }] }), "choices[0].message.content holds text that is not a string"],
		[completion({ refusal: 1 }), "choices[0].message.refusal is not a string"],
		[completion({ tool_calls: {} }), "choices[0].message.tool_calls is not a list"],
		[call({ function: undefined, custom: {} }), "choices[0].message.tool_calls[0] is not the call of a function"],
		[call({ function: { arguments: "{}" } }), "choices[0].message.tool_calls[0].function.name is missing"],
		[
			call({ function: { name: "t", arguments: 1 } }),
			"choices[0].message.tool_calls[0].function.arguments is neither a string nor an object",
		],
	];
	return upstream(
		cases.map(([body]) => answer.json(body)),
		async ({ chat, context }) => {
			for (const [, expected] of cases) {
				const { code, message, retryable } = await failure(chat.unary(chatEnvelope(), context));
				assert.equal(
					{ code, message, retryable },
					{ code: "backend_error", message: `the backend's answer is malformed: ${expected}`, retryable: false },
				);
			}
		},
	);
});

test("a chat stream yields each delta, and the response at the end", () =>
	upstream(
		[
			answer.stream(
				sse([
					chunk({ role: "assistant", content: "", refusal: null }),
					chunk({ reasoning_content: "Hm" }),
					chunk({ reasoning: "m." }),
					chunk({ content: "Hel" }),
					chunk({ content: "lo." }),
					chunk({ annotations: [{ type: "url_citation", url_citation: { url: "https://a.example" } }] }),
					chunk({}, "stop"),
					usageChunk(USAGE),
				]),
			),
		],
		async ({ chat, server, context }) => {
			const events = await collect(chat.stream(chatEnvelope(), context));
			assert.equal(events, [
				{ type: "reasoning", reasoning: "Hm" },
				{ type: "reasoning", reasoning: "m." },
				{ type: "text", text: "Hel" },
				{ type: "text", text: "lo." },
				{ type: "usage", usage: IR_USAGE },
				{
					type: "completed",
					completed: {
						id: "chatcmpl-42",
						model: "small-2026-03-01",
						message: {
							role: "assistant",
							content: [
								{ type: "reasoning", reasoning: { text: "Hmm." } },
								{ type: "text", text: "Hello." },
								{ type: "annotation", annotation: { url: "https://a.example" } },
							],
							tool_calls: [],
						},
						finish_reason: "stop",
						usage: IR_USAGE,
					},
				},
			]);
			assert.equal(server.requests[0]?.json(), {
				model: "small",
				messages: [{ role: "user", content: "Hi" }],
				stream: true,
				stream_options: { include_usage: true },
			});
			assert.is(server.requests[0]?.headers.accept, "text/event-stream, application/json");
		},
	));

test("streamed tool calls are assembled, whatever their indexes and repeated ids", () =>
	upstream(
		[
			answer.stream(
				sse([
					chunk({ tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } }] }),
					chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
					chunk({ tool_calls: [{ index: 3, id: "call_2", function: { arguments: '{"zone"' } }] }),
					chunk({ tool_calls: [{ index: 3, id: "call_2", function: { name: "time", arguments: ":1}" } }] }),
					chunk({ tool_calls: [{ index: 0, id: "", function: { name: "", arguments: ' "Oslo"}' } }] }),
					chunk({ tool_calls: [{ id: "call_3", function: { name: "stop", arguments: "{}" } }] }),
					chunk({}, "stop"),
				]),
			),
		],
		async ({ chat, context }) => {
			const events = await collect(chat.stream(chatEnvelope(), context));
			assert.equal(events.slice(0, -1), [
				{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "" } },
				{ type: "tool_call", tool_call: { index: 0, arguments: '{"city":' } },
				{ type: "tool_call", tool_call: { index: 1, id: "call_2", name: "time", arguments: '{"zone":1}' } },
				{ type: "tool_call", tool_call: { index: 0, arguments: ' "Oslo"}' } },
				{ type: "tool_call", tool_call: { index: 2, id: "call_3", name: "stop", arguments: "{}" } },
			]);
			const last = events.at(-1);
			assert.ok(last?.type === "completed");
			assert.is(last.completed.finish_reason, "tool_calls");
			assert.equal(last.completed.message.tool_calls, [
				{ id: "call_1", name: "weather", arguments: '{"city": "Oslo"}' },
				{ id: "call_2", name: "time", arguments: '{"zone":1}' },
				{ id: "call_3", name: "stop", arguments: "{}" },
			]);
		},
	));

test("a chat stream is complete only after its finish reason and last event", () => {
	const hello = chunk({ content: "Hello." });
	const brokeOff = "the backend's answer ended before it was complete";
	const malformed = (what: string) => `the backend's answer is malformed: ${what}`;
	const cases: [Parameters<typeof upstream>[0][number], string, boolean][] = [
		[answer.stream(sse([hello], { done: false })), brokeOff, true],
		[answer.stream(sse([hello, chunk({}, "stop")], { done: false })), brokeOff, true],
		[answer.cutOff(sse([hello, chunk({}, "stop")], { done: false })), brokeOff, true],
		[answer.stream(Buffer.alloc(0)), brokeOff, true],
		[answer.stream(sse([hello])), malformed("the stream ends without a finish_reason"), false],
		[answer.stream(sse([hello, '{"id":'])), malformed("an event of the stream is not JSON"), false],
		[answer.stream(sse([hello, "[1]"])), malformed("an event of the stream is not an object"), false],
		[answer.stream(sse([hello, { choices: 1 }])), malformed("choices is not a list"), false],
		[
			answer.stream(sse([hello, { choices: [{ index: 1, delta: { content: "?" } }] }])),
			malformed("choices holds another choice than the requested one"),
			false,
		],
		[answer.stream(sse([hello, { choices: [{ index: 0, delta: 1 }] }])), malformed("choices[0].delta is not an object"), false],
		[answer.stream(sse([hello, chunk({ content: 1 })])), malformed("choices[0].delta.content is neither a string nor a list"), false],
		[answer.stream(sse([hello, chunk({ tool_calls: {} })])), malformed("choices[0].delta.tool_calls is not a list"), false],
		[
			answer.stream(sse([hello, chunk({ tool_calls: [{ index: 0, id: "c", function: { arguments: "{}" } }] }), chunk({}, "tool_calls")])),
			malformed("a tool call has no name"),
			false,
		],
		[answer.stream(sse([hello, chunk({}, "stop")]), { "content-type": "application/json" }), malformed("it is not JSON"), false],
	];
	return upstream(
		cases.map(([behaviour]) => behaviour),
		async ({ chat, context }) => {
			for (const [, expected, expectedRetryable] of cases) {
				const seen: cchat.Event[] = [];
				const reading = (async () => {
					for await (const event of chat.stream(chatEnvelope(), context)) seen.push(event);
				})();
				const { code, message, retryable } = await failure(reading);
				assert.equal({ code, message, retryable }, { code: "backend_error", message: expected, retryable: expectedRetryable });
				assert.not.ok(seen.some(({ type }) => type === "completed" || type === "failed"));
			}
		},
	);
});

test("aborting a chat request closes its socket and fails with the signal's reason", () =>
	upstream([answer.silence(), answer.stall(sse([chunk({ content: "Hel" })], { done: false }))], async ({ chat, server }) => {
		const runs = [
			(signal: AbortSignal) => chat.unary(chatEnvelope(), contextOf({ signal })),
			(signal: AbortSignal) => collect(chat.stream(chatEnvelope(), contextOf({ signal }))),
		];
		const reasons = [new SpearError("timeout", "no complete answer within 5 ms"), new Error("anything")];
		for (const [index, run] of runs.entries()) {
			const abort = new AbortController();
			const failed = failure(run(abort.signal));
			const { ended } = await server.request(index);
			abort.abort(reasons[index]);
			assert.is((await failed).code, index === 0 ? "timeout" : "cancelled");
			assert.ok((await ended).clientClosed);
		}
		await server.quiet();
	}));

test("a chat request whose signal is already aborted sends nothing", () =>
	upstream([], async ({ chat, server }) => {
		const context = contextOf({ signal: AbortSignal.abort() });
		assert.is((await failure(chat.unary(chatEnvelope(), context))).code, "cancelled");
		assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).code, "cancelled");
		assert.is(server.requests.length, 0);
	}));

test("configured timeouts apply to chat requests", () =>
	upstream(
		[answer.silence(), answer.stall(sse([chunk({ content: "Hel" })], { done: false }))],
		async ({ chat, context }) => {
			assert.is(
				(await failure(chat.unary(chatEnvelope(), context))).message,
				"the backend sent no answer within 30 ms (first_byte_timeout_ms of the backend)",
			);
			assert.is(
				(await failure(collect(chat.stream(chatEnvelope(), context)))).message,
				"the backend sent nothing more within 40 ms (idle_timeout_ms of the backend)",
			);
		},
		{ options: { timeouts: { first_byte_timeout_ms: 30, idle_timeout_ms: 40 } } },
	));

test.run();
