import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { answer, type Behaviour, sse } from "../helpers/openai-server.ts";
import { CANARY, describe, type ProbeHost, probe, startProbeHost } from "../helpers/probe-host.ts";

/** Chats of a guest, through all four layers to a server on a real socket and back. */
const test = suite<{ probeHost: ProbeHost; instance: AgentInstance }>("chat over HTTP");

test.before(async (context) => {
	context.probeHost = await startProbeHost();
	context.instance = await context.probeHost.instance();
});

test.after(async ({ probeHost, instance }) => {
	await instance.close();
	await probeHost.close();
});

const USAGE = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const COMPLETION = {
	id: "chatcmpl-1",
	object: "chat.completion",
	created: 1_700_000_000,
	model: "m1-2026",
	choices: [{ index: 0, message: { role: "assistant", content: "Hi there", refusal: null }, logprobs: null, finish_reason: "stop" }],
	usage: USAGE,
};

const assistant = (content: unknown[], toolCalls: unknown[] = []): unknown => ({
	role: "assistant",
	content,
	toolCalls,
	toolCallId: null,
	isError: null,
	name: null,
});

const usage = { inputTokens: 9, outputTokens: 2, totalTokens: 11, cachedInputTokens: null, reasoningTokens: null, cacheWriteTokens: null };

const RESPONSE = {
	id: "chatcmpl-1",
	model: "m1-2026",
	message: assistant([{ tag: "text", val: "Hi there" }]),
	finishReason: "stop",
	usage,
	downgrades: null,
};

function chunk(delta: unknown, finish: string | null = null): unknown {
	return {
		id: "chatcmpl-1",
		object: "chat.completion.chunk",
		created: 1_700_000_000,
		model: "m1-2026",
		choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
	};
}

const usageChunk = {
	id: "chatcmpl-1",
	object: "chat.completion.chunk",
	created: 1_700_000_000,
	model: "m1-2026",
	choices: [],
	usage: USAGE,
};

test("a whole chat sends the request of the guest, and the guest receives the answer", async ({ probeHost: { server }, instance }) => {
	server.script(answer.json(COMPLETION));
	const request = { model: "m2", params: { temperature: 0.2, maxOutputTokens: 50, stop: ["END"] } };
	const [outcome] = await probe(instance, { do: "complete", request });
	assert.equal(outcome, { ok: RESPONSE });
	const received = server.requests.at(-1);
	assert.is(received?.method, "POST");
	assert.is(received?.path, "/v1/chat/completions");
	assert.is(received?.headers.authorization, `Bearer ${CANARY}`);
	assert.equal(received?.json(), {
		model: "m2",
		messages: [{ role: "user", content: "hello" }],
		temperature: 0.2,
		max_completion_tokens: 50,
		stop: ["END"],
	});
});

test("a streamed chat delivers the deltas in order, and then the same answer as a whole one", async ({
	probeHost: { server },
	instance,
}) => {
	const chunks = [
		chunk({ role: "assistant", content: "" }),
		chunk({ content: "Hi " }),
		chunk({ content: "there" }),
		chunk({}, "stop"),
		usageChunk,
	];
	server.script(answer.stream(sse(chunks)));
	const [outcome] = await probe(instance, { do: "stream" });
	assert.equal(outcome, {
		ok: [
			{ tag: "text", val: "Hi " },
			{ tag: "text", val: "there" },
			{ tag: "usage", val: usage },
			{ tag: "completed", val: RESPONSE },
		],
	});
	assert.equal(server.requests.at(-1)?.json(), {
		model: "m1",
		messages: [{ role: "user", content: "hello" }],
		stream: true,
		stream_options: { include_usage: true },
	});
});

const TOOLS = [
	{
		type: "function",
		function: { name: "add", description: "Adds.", parameters: { type: "object", properties: { a: { type: "number" } } } },
	},
];
const WIRE_CALL = { id: "call_1", type: "function", function: { name: "add", arguments: '{"a":1,"b":2}' } };
const FIRST = { model: "m1", messages: [{ role: "user", content: "what is 1 + 2?" }], tools: TOOLS, temperature: 0 };
const SECOND = {
	...FIRST,
	messages: [
		{ role: "user", content: "what is 1 + 2?" },
		{ role: "assistant", content: null, tool_calls: [WIRE_CALL] },
		{ role: "tool", tool_call_id: "call_1", content: "3" },
	],
};

function toolLoop(outcome: unknown): { answers: { finishReason: string }[]; messages: unknown[]; metrics: Record<string, unknown> } {
	assert.ok(typeof outcome === "object" && outcome !== null && "ok" in outcome, describe(outcome));
	return JSON.parse(JSON.stringify(outcome.ok));
}

test("a whole chat runs a tool in the guest and sends its result", async ({ probeHost: { server }, instance }) => {
	const asks = {
		...COMPLETION,
		choices: [{ index: 0, message: { role: "assistant", content: null, tool_calls: [WIRE_CALL] }, finish_reason: "tool_calls" }],
	};
	server.script(answer.json(asks), answer.json(COMPLETION));
	const [outcome] = await probe(instance, { do: "tools", streamed: false });
	const { answers, messages, metrics } = toolLoop(outcome);
	assert.equal(
		answers.map((response) => response.finishReason),
		["tool-calls", "stop"],
	);
	assert.is(messages.length, 4);
	assert.equal(server.requests.at(-2)?.json(), FIRST);
	assert.equal(server.requests.at(-1)?.json(), SECOND);
	assert.equal(
		{ ...metrics, lastLatencyMs: 0 },
		{
			requests: 2,
			iterations: 2,
			toolCalls: 1,
			toolOutputBytes: 1,
			inputTokens: 18,
			outputTokens: 4,
			lastBackend: "upstream",
			lastLatencyMs: 0,
		},
	);
});

test("a streamed chat joins the parts of a tool call", async ({ probeHost: { server }, instance }) => {
	const piece = (more: unknown): unknown => chunk({ tool_calls: [more] });
	const asks = [
		chunk({ role: "assistant", content: null }),
		piece({ index: 0, id: "call_1", type: "function", function: { name: "add", arguments: "" } }),
		piece({ index: 0, function: { arguments: '{"a":1,' } }),
		piece({ index: 0, function: { arguments: '"b":2}' } }),
		chunk({}, "tool_calls"),
		usageChunk,
	];
	const says = [chunk({ role: "assistant", content: "3" }), chunk({}, "stop"), usageChunk];
	server.script(answer.stream(sse(asks)), answer.stream(sse(says)));
	const [outcome] = await probe(instance, { do: "tools", streamed: true });
	assert.equal(toolLoop(outcome).messages[1], assistant([], [{ id: "call_1", name: "add", arguments: '{"a":1,"b":2}' }]));
	const streamed = { stream: true, stream_options: { include_usage: true } };
	assert.equal(
		[server.requests.at(-2)?.json(), server.requests.at(-1)?.json()],
		[
			{ ...FIRST, ...streamed },
			{ ...SECOND, ...streamed },
		],
	);
});

interface Fault {
	readonly behaviour: () => Behaviour;
	readonly code: string;
	readonly retryable: boolean;
	readonly retryAfterMs?: number;
	readonly options?: unknown;
}

const PARTIAL = sse([chunk({ role: "assistant", content: "Hi " })], { done: false });
const SHORT = { timeoutMs: 150 };

/** Failures before the first byte of a response, which are the same for whole and streamed chats. */
const FAULTS: Readonly<Record<string, Fault>> = {
	"401": {
		behaviour: () =>
			answer.status(401, {
				error: { message: `Incorrect API key provided: ${CANARY}`, type: "invalid_request_error", code: "invalid_api_key" },
			}),
		code: "backend-error",
		retryable: false,
	},
	"429 with Retry-After": {
		behaviour: () =>
			answer.status(429, { error: { message: "Slow down", type: "requests", code: "rate_limit_exceeded" } }, { "retry-after": "7" }),
		code: "rate-limited",
		retryable: true,
		retryAfterMs: 7_000,
	},
	"500": { behaviour: () => answer.status(500, { error: { message: "Oops" } }), code: "backend-error", retryable: true },
	"malformed JSON": { behaviour: () => answer.text('{"id": "chatcmpl-1", "choices": ['), code: "backend-error", retryable: false },
	"a connection cut before the answer": { behaviour: answer.disconnect, code: "backend-error", retryable: true },
	"a hang": { behaviour: answer.silence, code: "timeout", retryable: true, options: SHORT },
};

function checkError(error: unknown, fault: Fault): void {
	assert.ok(typeof error === "object" && error !== null, describe(error));
	const record: Record<string, unknown> = { ...error };
	assert.is(record.code, fault.code, describe(error));
	assert.is(record.retryable, fault.retryable, describe(error));
	assert.is(record.retryAfterMs, fault.retryAfterMs ?? null);
	assert.is(record.operation, "chat_completions");
	assert.match(describe(record.explanation), /"chosen":"upstream"/);
	assert.not.match(describe(error), CANARY);
	assert.not.match(describe(error), "127.0.0.1");
}

for (const [name, fault] of Object.entries(FAULTS)) {
	test(`a whole chat fails with the right error record and the instance stays usable after ${name}`, async ({
		probeHost: { server },
		instance,
	}) => {
		server.script(fault.behaviour(), answer.json(COMPLETION));
		const [failed, next] = await probe(instance, { do: "complete", options: fault.options }, { do: "complete" });
		checkError(failed?.err, fault);
		assert.equal(next, { ok: RESPONSE });
	});

	test(`a streamed chat fails with the right error event and the instance stays usable after ${name}`, async ({
		probeHost: { server },
		instance,
	}) => {
		server.script(fault.behaviour(), answer.json(COMPLETION));
		const [failed, next] = await probe(instance, { do: "stream", options: fault.options }, { do: "complete" });
		const events = failed?.ok;
		assert.ok(Array.isArray(events) && events.length === 1, describe(failed));
		assert.is(events[0].tag, "failed");
		checkError(events[0].val.error, fault);
		assert.equal(events[0].val.partial, assistant([]));
		assert.equal(next, { ok: RESPONSE });
	});
}

const STREAM_FAULTS: Readonly<Record<string, Fault>> = {
	"a stream whose connection is cut": { behaviour: () => answer.cutOff(PARTIAL), code: "backend-error", retryable: true },
	"a stream that ends without [DONE]": { behaviour: () => answer.stream(PARTIAL), code: "backend-error", retryable: true },
	"a stream with a piece that is not JSON": {
		behaviour: () => answer.stream(Buffer.concat([PARTIAL, Buffer.from("data: {oops\n\ndata: [DONE]\n\n")])),
		code: "backend-error",
		retryable: false,
	},
	"a stream that stalls": { behaviour: () => answer.stall(PARTIAL), code: "timeout", retryable: true, options: SHORT },
};

for (const [name, fault] of Object.entries(STREAM_FAULTS)) {
	test(`a streamed chat fails with the text that had arrived and the reason after ${name}`, async ({ probeHost: { server }, instance }) => {
		server.script(fault.behaviour(), answer.json(COMPLETION));
		const [outcome, next] = await probe(instance, { do: "stream", options: fault.options }, { do: "complete" });
		const events = outcome?.ok;
		assert.ok(Array.isArray(events), describe(outcome));
		assert.equal(
			events.map((event) => event.tag),
			["text", "failed"],
		);
		checkError(events[1].val.error, fault);
		assert.equal(events[1].val.partial, assistant([{ tag: "text", val: "Hi " }]));
		assert.equal(next, { ok: RESPONSE });
	});
}

test("an invalid chat is refused without a request to the upstream", async ({ probeHost: { server }, instance }) => {
	const before = server.requests.length;
	const [outcome] = await probe(instance, { do: "complete", request: { params: { temperature: 3, stop: [] } } });
	assert.equal(outcome?.err, {
		code: "invalid-request",
		message: "params.temperature: must be <= 2",
		retryable: false,
		retryAfterMs: null,
		operation: "chat_completions",
		explanation: null,
	});
	assert.is(server.requests.length, before);
});

test("a guest removes messages of a session and receives them, and is told when there are too few", async ({ instance }) => {
	const user = (val: string): unknown => ({ ...Object(assistant([{ tag: "text", val }])), role: "user" });
	assert.equal(await probe(instance, { do: "removal" }), [
		{ ok: { removed: [[user("two")], [user("one")], []], refused: "length: the conversation has 0 messages, not 1" } },
	]);
});

test("a chat for an unknown model is refused with the reason of each backend", async ({ instance }) => {
	const [outcome] = await probe(instance, { do: "complete", request: { model: "m9" } });
	assert.match(describe(outcome?.err), '"code":"no-candidate-backend"');
	assert.match(describe(outcome?.err), '"rejected":[{"backend":"upstream","reason":"model","detail":"m9"}]');
});

test("no request is in flight after all chats", async ({ probeHost: { host } }) => {
	assert.is(host.backends()[0]?.inFlight, 0);
});

test.run();
