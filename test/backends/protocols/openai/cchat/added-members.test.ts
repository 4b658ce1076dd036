/** Members that the host adds to a request on its own. An upstream that refuses one gets the request again without it, once. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { drop } from "../../../../../src/backends/rules.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { answer, type Behaviour, type OpenAiServer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect, say } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import type { Setting } from "../../../kind-upstream.ts";
import { chunk, completion, upstream, usageChunk } from "../upstream.ts";

const OPTIONS = { include_usage: true };
const GOOD = answer.stream(sse([chunk({ content: "Hi" }, "stop")]));
const REFUSAL = answer.status(400, {
	error: { message: "Unknown parameter: 'stream_options'.", param: "stream_options", code: "unknown_parameter" },
});

/** Refusals as servers send them. */
const REFUSALS: Readonly<Record<string, Behaviour>> = {
	"OpenAI and Azure": REFUSAL,
	"Azure without param": answer.status(400, {
		error: { code: null, message: "Unrecognized request argument supplied: stream_options", param: null, type: "invalid_request_error" },
	}),
	Groq: answer.status(400, {
		error: { message: "property 'stream_options' is unsupported, did you mean 'stream'?", type: "invalid_request_error" },
	}),
	Gemini: answer.status(400, [
		{
			error: {
				code: 400,
				message: 'Invalid JSON payload received. Unknown name "stream_options": Cannot find field.',
				details: [{ fieldViolations: [{ description: 'Unknown name "stream_options": Cannot find field.' }] }],
			},
		},
	]),
	Mistral: answer.status(422, {
		object: "error",
		message: {
			detail: [{ type: "extra_forbidden", loc: ["body", "stream_options", "include_usage"], msg: "Extra inputs are not permitted" }],
		},
		param: null,
	}),
	vLLM: answer.status(400, {
		object: "error",
		message: "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted'}]",
		code: 400,
	}),
	FastAPI: answer.status(422, {
		detail: [{ loc: ["body", "stream_options"], msg: "extra fields not permitted", type: "value_error.extra" }],
	}),
	"plain text": answer.status(400, "unknown field `stream_options` at line 1"),
};

function run({ chat, context }: Setting, payload: Partial<cchat.Request> = {}): Promise<cchat.Event[]> {
	return collect(chat.stream(chatEnvelope(payload), context));
}

/** Returns the added members of each request. */
function added({ requests }: OpenAiServer): unknown[] {
	return requests.map((request) => Reflect.get(Object(request.json()), "stream_options"));
}

for (const [name, refusal] of Object.entries(REFUSALS)) {
	test(`a refusal of stream_options in the form of ${name} costs one request, and the next request is sent without the member`, () =>
		upstream([refusal, GOOD, GOOD], async (setting) => {
			for (let count = 0; count < 2; count++) assert.is((await run(setting)).at(-1)?.type, "completed");
			assert.equal(added(setting.server), [OPTIONS, undefined, undefined]);
		}));
}

test("a refusal within a stream, before any event, counts as a refusal", () =>
	upstream(
		[answer.stream(sse([{ error: { message: "bad", code: 400, param: "stream_options" } }], { done: false })), GOOD],
		async (setting) => {
			assert.is((await run(setting)).at(-1)?.type, "completed");
			assert.equal(added(setting.server), [OPTIONS, undefined]);
		},
	));

test("a refusal after the first event is not repeated", () =>
	upstream(
		[answer.stream(sse([chunk({ content: "Hi" }), { error: { message: "bad", code: 400, param: "stream_options" } }]))],
		async (setting) => {
			await failure(run(setting));
			assert.is(setting.server.requests.length, 1);
		},
	));

test("a refusal is remembered for its model only", () =>
	upstream(
		[REFUSAL, GOOD, GOOD, GOOD],
		async (setting) => {
			for (const model of ["small", "large", "small"]) await run(setting, { model });
			assert.equal(added(setting.server), [OPTIONS, undefined, OPTIONS, undefined]);
		},
		{ models: ["small", "large"] },
	));

test("a request is repeated once, and a refusal of both is not remembered", () =>
	upstream([REFUSAL, REFUSAL, GOOD], async (setting) => {
		const { code, message } = await failure(run(setting));
		assert.is(code, "invalid_request");
		assert.match(message, "Unknown parameter: 'stream_options'.");
		await run(setting);
		assert.equal(added(setting.server), [OPTIONS, undefined, OPTIONS]);
	}));

for (const [name, behaviour] of [
	["of another member", answer.status(400, { error: { message: "Unknown parameter: 'seed'.", param: "seed" } })],
	["with a path that only ends in the name", answer.status(400, { error: { message: "bad schema", param: "tools[0].stream_options" } })],
	["with another status", answer.status(500, { error: { message: "stream_options" } })],
] as const) {
	test(`a refusal ${name} is not repeated`, () =>
		upstream([behaviour], async (setting) => {
			await failure(run(setting, name.startsWith("with a path") ? { messages: [say("user", "stream_options")] } : {}));
			assert.is(setting.server.requests.length, 1);
		}));
}

test("a guest that writes the name of the member cannot make the host leave it out", () =>
	upstream(
		[
			answer.status(400, { error: { message: "cannot answer: 'Unknown parameter: stream_options'" } }),
			answer.status(422, { detail: [{ loc: ["body", "messages"], msg: "bad", input: { param: "stream_options" } }] }),
			GOOD,
		],
		async (setting) => {
			const messages = [say("user", "Unknown parameter: stream_options")];
			await failure(run(setting, { messages }));
			await failure(run(setting, { messages }));
			await run(setting);
			assert.equal(added(setting.server), [OPTIONS, OPTIONS, OPTIONS]);
		},
	));

test("the repeated request ends with the call", () =>
	upstream([REFUSAL, answer.silence()], async ({ chat, server }) => {
		const abort = new AbortController();
		const failed = failure(collect(chat.stream(chatEnvelope(), contextOf({ signal: abort.signal }))));
		const { ended } = await server.request(1);
		abort.abort(new SpearError("timeout", "no complete answer within 5 ms"));
		assert.is((await failed).code, "timeout");
		assert.ok((await ended).clientClosed);
	}));

test("a call that ended with the refusal is not repeated", () => {
	const abort = new AbortController();
	const refuseAndAbort: Behaviour = async (response, request) => {
		await REFUSAL(response, request);
		abort.abort();
	};
	return upstream([refuseAndAbort], async ({ chat, server }) => {
		assert.is((await failure(collect(chat.stream(chatEnvelope(), contextOf({ signal: abort.signal }))))).code, "cancelled");
		assert.is(server.requests.length, 1);
	});
});

test("stream_options is never sent if the option is off, nor for a whole answer", () =>
	upstream(
		[GOOD, answer.json(completion({ content: "Hi" }))],
		async (setting) => {
			await run(setting);
			await setting.chat.unary(chatEnvelope(), setting.context);
			assert.equal(added(setting.server), [undefined, undefined]);
		},
		{ options: { send_stream_options: false } },
	));

test("a stream that was not asked for usage is whole with its finish reason", () =>
	upstream(
		[
			answer.stream(sse([chunk({ content: "Hi" }, "stop")], { done: false })),
			answer.stream(sse([chunk({ content: "Hi" })], { done: false })),
		],
		async (setting) => {
			assert.is((await run(setting)).at(-1)?.type, "completed");
			assert.is((await failure(run(setting))).message, "the backend's answer ended before it was complete");
		},
		{ options: { send_stream_options: false } },
	));

test("usage that comes without being asked for is read", () =>
	upstream(
		[answer.stream(sse([chunk({ content: "Hi" }, "stop"), usageChunk({ prompt_tokens: 3 })]))],
		async (setting) => assert.equal((await run(setting))[1], { type: "usage", usage: { input_tokens: 3 } }),
		{ options: { send_stream_options: false } },
	));

test("an instance that drops parallel_tool_calls declares it", () =>
	upstream(
		[],
		async ({ backend }) => {
			const rule = backend.capabilities.chat_completions?.rules["params.parallel_tool_calls"];
			assert.equal(rule, drop("the option send_parallel_tool_calls is false"));
		},
		{ options: { send_parallel_tool_calls: false } },
	));

test.run();
