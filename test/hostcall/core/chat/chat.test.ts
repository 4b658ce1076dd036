import { test } from "uvu";
import * as assert from "uvu/assert";
import { EACCES, EAGAIN, EBADF, EINVAL, EIO, ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { FdObject } from "../../../../src/hostcall/core/fd-table.ts";
import { MemoryAccount } from "../../../../src/memory/memory-account.ts";
import { TotalMemory } from "../../../../src/memory/total-memory.ts";
import { chatResponse, message } from "../../../helpers/chat.ts";
import { bodyOf, coreChat, WALL_CLOCK_MS } from "../../../helpers/core-chat.ts";
import { type ScriptedScope, scriptedScope } from "../../../helpers/guest-scope.ts";

class OtherObject extends FdObject {
	readonly kind = "Mic";
	mask(): number {
		return 0;
	}
}

function payloadOf(scope: ScriptedScope, index = 0): cchat.Request {
	const call = scope.calls[index];
	if (call === undefined || !("messages" in call.payload)) throw new Error(`no chat call ${index}`);
	return call.payload;
}

function hostToolsOf(...servers: string[]) {
	return { servers, list: async () => [], call: async () => ({ output: "", isError: false }) };
}

test("an answer is a compact chat.completion with its origin", async () => {
	const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7, cached_input_tokens: 4, reasoning_tokens: 1 };
	const { chat, open } = coreChat(scriptedScope([chatResponse("hi", { id: "chatcmpl-1", model: "gpt-x-2026", usage })]));
	const response = await chat.send(open({ model: "gpt-x" }), 0);
	assert.is(
		new TextDecoder().decode(chat.receive(response) as Uint8Array),
		`{"id":"chatcmpl-1","object":"chat.completion","created":${WALL_CLOCK_MS / 1000},"model":"gpt-x-2026","choices":[{"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}},"_spear":{"backend":"fake-1","model":"gpt-x"}}`,
	);
});

test("a request without a model names the model that answered, and an upstream without ids gets one", async () => {
	const { send, open } = coreChat(scriptedScope([chatResponse("hi", { model: "gpt-x-2026" })]));
	const body = await send(open());
	assert.equal(body._spear, { backend: "fake-1", model: "gpt-x-2026" });
	assert.is(body.id, "chatcmpl-r");
});

test("differences between a request and its treatment are part of the origin", async () => {
	const downgrades = [{ field: "params.seed", effect: "dropped" as const, detail: "not supported" }];
	const { send, open } = coreChat(scriptedScope([chatResponse("hi", { downgrades })]));
	assert.equal((await send(open()))._spear, { backend: "fake-1", model: "m", downgrades });
});

test("descriptors of sessions and responses count up from 1000, and a body stays readable", async () => {
	const { chat, open, fds } = coreChat(scriptedScope([chatResponse("one"), chatResponse("two")]));
	const session = open();
	assert.is(session, 1000);
	assert.is(await chat.send(session, 0), 1001);
	assert.is(await chat.send(session, 0), 1002);
	assert.equal(bodyOf(chat, 1001), bodyOf(chat, 1001));
	assert.is(fds.entry(1000)?.mask, 0);
	assert.is(fds.entry(1001)?.mask, 1);
});

test("without automatic tool calls the answer is not part of the conversation", async () => {
	const scope = scriptedScope([chatResponse("one"), chatResponse("two")]);
	const { send, open, chat } = coreChat(scope);
	const session = open();
	await send(session);
	chat.writeMessage(session, "assistant", "one");
	chat.writeMessage(session, "user", "more");
	await send(session);
	assert.equal(payloadOf(scope, 1).messages, [message("user", "hello"), message("assistant", "one"), message("user", "more")]);
});

test("developer is a system message, and another role is an error body that names the message", async () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const { send, open, chat } = coreChat(scope);
	const session = open();
	assert.is(chat.writeMessage(session, "developer", "be brief"), 0);
	await send(session);
	assert.equal(payloadOf(scope).messages[1], message("system", "be brief"));
	assert.is(chat.writeMessage(session, "narrator\n", "once"), 0);
	assert.equal(await send(session), {
		error: {
			code: "invalid_request",
			message: "Invalid request: messages[2].role: 'narrator\\n' is not system, user, assistant or tool",
		},
	});
	assert.is(scope.calls.length, 1);
});

test("OpenAI's parameters become those of the ABI, in the order of the ABI", async () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const { send, open } = coreChat(scope);
	const schema = { type: "object" };
	await send(
		open({
			seed: 7,
			stop: "END",
			max_tokens: 100,
			temperature: 0.5,
			top_p: 0.9,
			presence_penalty: 1,
			frequency_penalty: -1,
			reasoning_effort: "low",
			parallel_tool_calls: false,
			tool_choice: "none",
			response_format: { type: "json_schema", json_schema: { name: "n", description: "d", schema, strict: true } },
			stream: false,
			n: 1,
		}),
	);
	const { messages: _, ...request } = payloadOf(scope);
	assert.is(
		JSON.stringify(request),
		'{"tool_choice":{"type":"none"},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"description":"d","type":"object"},"strict":true}},"params":{"stop":["END"],"temperature":0.5,"top_p":0.9,"max_output_tokens":100,"seed":7,"presence_penalty":1,"frequency_penalty":-1,"reasoning_effort":"low","parallel_tool_calls":false},"tools":[]}',
	);
	assert.is(scope.calls[0]?.options?.provider_options, undefined);
});

test("a named tool is a choice, max_completion_tokens is the newer name, and null removes a parameter", async () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const { send, open, chat } = coreChat(scope);
	const session = open({ max_completion_tokens: 9, seed: 1, tool_choice: { type: "function", function: { name: "add" } } });
	chat.setParam(session, { key: "seed" });
	await send(session);
	assert.equal(payloadOf(scope).params, { max_output_tokens: 9, stop: [] });
	assert.equal(payloadOf(scope).tool_choice, { type: "named", named: "add" });
});

test("settings of the host reach no upstream, and other parameters are provider options", async () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const { send, open } = coreChat(scope);
	await send(
		open({
			model: "m1",
			backend: "b1",
			timeout_ms: 1_500,
			messages: [],
			tools: [],
			tool_arena_ptr: 1,
			tool_arena_len: 2,
			max_iterations: 3,
			max_total_tool_calls: 4,
			max_tool_calls: 5,
			max_tool_output_bytes: 6,
			"mcp.enabled": false,
			"mcp.other": 1,
			logprobs: true,
			user: "u",
		}),
	);
	const { messages, ...request } = payloadOf(scope);
	assert.equal(request, { model: "m1", tools: [] });
	assert.is(messages.length, 1);
	const { routing, ...options } = scope.calls[0]?.options ?? {};
	assert.equal(options, { timeout_ms: 1_500, provider_options: { logprobs: true, user: "u" } });
	assert.is(routing?.backend, "b1");
	assert.match(routing?.session_key ?? "", /^conversation /);
});

test("a deadline is cut to the range of the ABI, and values of a wrong type count as absent", async () => {
	const scope = scriptedScope([chatResponse("1"), chatResponse("2"), chatResponse("3")]);
	const { send, open } = coreChat(scope);
	await send(open({ timeout_ms: 0 }));
	await send(open({ timeout_ms: 1e12 }));
	await send(open({ timeout_ms: "soon", model: 5, backend: ["b"] }));
	assert.equal(
		scope.calls.map(({ options }) => options?.timeout_ms),
		[1, 3_600_000, undefined],
	);
	assert.is(payloadOf(scope, 2).model, undefined);
});

test("a parameter that no request can hold is an error body", async () => {
	const { send, open } = coreChat(scriptedScope([]));
	const failures: readonly [Record<string, JsonValue>, string][] = [
		[{ temperature: 3 }, "params.temperature: must be <= 2"],
		[{ stream: true }, "stream: a response is received whole; leave the parameter out"],
		[{ n: 2 }, "n: a response holds one choice; leave the parameter out"],
		[{ tool_choice: {} }, "tool_choice: must be auto, none, required, or name a function"],
		[{ response_format: "json" }, "response_format.type: must be text, json_object or json_schema"],
		[{ response_format: { type: "json_schema" } }, "response_format.json_schema: must be an object"],
		[{ response_format: { type: "json_schema", json_schema: { schema: {} } } }, "response_format.json_schema.name: must be a text"],
		[
			{ response_format: { type: "json_schema", json_schema: { name: "n", schema: [] } } },
			"response_format.json_schema.schema: must be an object",
		],
	];
	for (const [params, text] of failures) {
		assert.equal(await send(open(params)), { error: { code: "invalid_request", message: `Invalid request: ${text}` } });
	}
});

test("each kind of failure has its beginning", async () => {
	const errors = [
		new SpearError("no_candidate_backend", "x"),
		new SpearError("missing_capabilities", "x"),
		new SpearError("backend_not_enabled", "x"),
		new SpearError("not_permitted", "x"),
		new SpearError("rate_limited", "x"),
		new SpearError("timeout", "x"),
		new SpearError("backend_error", "x"),
	];
	const { send, open } = coreChat(scriptedScope(errors));
	const session = open();
	const messages: unknown[] = [];
	for (const _ of errors) messages.push((await send(session)).error);
	assert.equal(messages, [
		{ code: "no_candidate_backend", message: "Operation not supported: no candidate backend: x" },
		{ code: "missing_capabilities", message: "Operation not supported: no candidate backend: x" },
		{ code: "backend_not_enabled", message: "Operation not supported: x" },
		{ code: "not_permitted", message: "Operation not supported: x" },
		{ code: "rate_limited", message: "Runtime error: x" },
		{ code: "timeout", message: "Runtime error: x" },
		{ code: "backend_error", message: "Runtime error: x" },
	]);
});

test("a fault of the host is no body: it is thrown, for the host's log", async () => {
	const { chat, open, fds } = coreChat(scriptedScope([new TypeError("a bug")]));
	const session = open();
	const [result] = await Promise.allSettled([chat.send(session, 0)]);
	assert.match(result?.status === "rejected" ? String(result.reason) : "", "a bug");
	assert.is(fds.size, 1);
});

test("metrics are the real usage, only with the flag, and nothing for a failure", async () => {
	const usage = { input_tokens: 5, output_tokens: 2 };
	const failure = new SpearError("backend_error", "no");
	const { chat, open, fds } = coreChat(
		scriptedScope([chatResponse("a", { usage }), chatResponse("b", { usage }), failure, chatResponse("c")]),
	);
	const session = open();
	const metrics = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
	const counted = await chat.send(session, 1);
	assert.equal(chat.getMetrics(counted), metrics);
	assert.equal(fds.entry(counted)?.metrics, metrics);
	assert.equal(chat.getMetrics(await chat.send(session, 0)), {});
	assert.equal(chat.getMetrics(await chat.send(session, 1)), {});
	assert.equal(chat.getMetrics(await chat.send(session, 1)), {});
});

test("a descriptor of another kind, a closed one and an unknown one are refused", async () => {
	const { chat, open, fds } = coreChat(scriptedScope([chatResponse("hi")]));
	const session = open();
	const response = await chat.send(session, 0);
	const other = fds.open(new OtherObject());
	const closed = chat.create();
	assert.is(chat.close(closed), 0);
	for (const fd of [response, other, closed, 999, 2000, -1]) {
		assert.is(chat.writeMessage(fd, "user", "x"), EBADF);
		assert.is(chat.writeFunction(fd, 1, "{}"), EBADF);
		assert.is(await chat.send(fd, 0), EBADF);
	}
	for (const fd of [session, other, closed, 999]) {
		assert.is(chat.receive(fd), EBADF);
		assert.is(chat.getMetrics(fd), EBADF);
	}
	assert.is(chat.setParam(other, { key: "model", value: "m" }), EBADF);
	assert.is(chat.setParam(closed, { key: "model", value: "m" }), EBADF);
	assert.is(chat.setParam(response, { key: "model", value: "m" }), 0);
	assert.is(chat.close(response), 0);
	assert.is(chat.receive(response), EBADF);
	assert.is(chat.close(response), 0);
});

test("a parameter without a name is refused, and those of MCP servers are checked", () => {
	const { chat, open } = coreChat({ ...scriptedScope([]), hostTools: hostToolsOf("fs", "web") });
	const session = open();
	const set = (key: string, value: JsonValue): number => chat.setParam(session, { key, value });
	assert.is(set("", 1), EIO);
	assert.is(set("mcp.enabled", true), 0);
	assert.is(set("mcp.enabled", "yes"), EINVAL);
	assert.is(set("mcp.enabled", null), EINVAL);
	assert.is(set("mcp.server_ids", ["fs"]), 0);
	assert.is(set("mcp.server_ids", ["fs", 1]), EINVAL);
	assert.is(set("mcp.server_ids", "fs"), EINVAL);
	assert.is(set("mcp.server_ids", ["fs", "secret"]), EACCES);
	assert.is(set("mcp.tool_allowlist", ["read_*"]), 0);
	assert.is(set("mcp.tool_denylist", {}), EINVAL);
	assert.is(set("mcp.task_server_ids", ["fs"]), EACCES);
	assert.is(set("mcp.colour", "red"), 0);
});

test("without tools of the host, settings of MCP servers are taken and have no effect", async () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const { chat, send, open } = coreChat(scope);
	const session = open();
	assert.is(chat.setParam(session, { key: "mcp.enabled", value: true }), 0);
	assert.is(chat.setParam(session, { key: "mcp.server_ids", value: ["fs"] }), 0);
	await send(session);
	assert.equal(payloadOf(scope).tools, []);
});

test("a guest that may use no server cannot enable them", () => {
	const { chat, open } = coreChat({ ...scriptedScope([]), hostTools: hostToolsOf() });
	assert.is(chat.setParam(open(), { key: "mcp.enabled", value: true }), EACCES);
});

test("no request is made for a response that has no descriptor", async () => {
	const scope = scriptedScope([chatResponse("hi")], { maxHandles: 2 });
	const { chat, open } = coreChat(scope);
	const session = open();
	const other = chat.create();
	assert.is(chat.create(), ENOMEM);
	assert.is(await chat.send(session, 0), ENOMEM);
	assert.is(scope.calls.length, 0);
	chat.close(other);
	assert.is(await chat.send(session, 0), 1002);
});

test("an abort of the run ends a send, and leaves no response", async () => {
	const scope = scriptedScope([]);
	const started = Promise.withResolvers<void>();
	const { chat, open, fds } = coreChat({
		...scope,
		pipeline: {
			...scope.pipeline,
			unary: (_call, signal) => {
				started.resolve();
				return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
			},
		},
	});
	const sent = chat.send(open(), 0);
	await started.promise;
	scope.abort.abort(new SpearError("cancelled", "the run is over"));
	const [result] = await Promise.allSettled([sent]);
	assert.match(result?.status === "rejected" ? String(result.reason) : "", "the run is over");
	assert.is(fds.size, 1);
	const [later] = await Promise.allSettled([chat.send(1000, 0)]);
	assert.is(later?.status, "rejected");
});

test("a second send of a session in flight is an error body, and messages written meanwhile follow", async () => {
	const scope = scriptedScope([]);
	const answer = Promise.withResolvers<cchat.Response>();
	const started = Promise.withResolvers<void>();
	const sentMessages: number[] = [];
	const { chat, open, send } = coreChat({
		...scope,
		pipeline: {
			...scope.pipeline,
			async unary(call, signal) {
				sentMessages.push("messages" in call.payload ? call.payload.messages.length : 0);
				started.resolve();
				await answer.promise;
				return scriptedScope([chatResponse("hi")]).pipeline.unary(call, signal);
			},
		},
	});
	const session = open();
	const first = chat.send(session, 0);
	assert.is(chat.receive(1001), EAGAIN);
	await started.promise;
	assert.equal(await send(session), {
		error: { code: "invalid_request", message: "Invalid request: a request of this session is in flight; wait for its response" },
	});
	assert.is(chat.writeMessage(session, "user", "and more"), 0);
	answer.resolve(chatResponse("hi"));
	assert.is(await first, 1001);
	await send(session);
	assert.equal(sentMessages, [1, 2]);
});

test("closing a session ends its request with an error body", async () => {
	const scope = scriptedScope([]);
	const started = Promise.withResolvers<void>();
	const { chat, open } = coreChat({
		...scope,
		pipeline: {
			...scope.pipeline,
			unary: (_call, signal) => {
				started.resolve();
				return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
			},
		},
	});
	const session = open();
	const sent = chat.send(session, 0);
	await started.promise;
	chat.close(session);
	assert.equal(bodyOf(chat, await sent), { error: { code: "cancelled", message: "Runtime error: the session was closed" } });
});

test("sessions, messages, tools, parameters and bodies are charged, refused beyond the account, and released by close", async () => {
	const total = new TotalMemory(10_000_000);
	const memory = new MemoryAccount({ limit: 20_000, total });
	const { chat, open, fds } = coreChat({ ...scriptedScope([chatResponse("x".repeat(9_000))]), memory });
	const session = open();
	const { used } = memory;
	assert.ok(used > 0);
	assert.is(chat.writeMessage(session, "user", "m".repeat(20_000)), ENOMEM);
	assert.is(chat.writeFunction(session, 1, `{"name":"t","description":"${"d".repeat(20_000)}"}`), ENOMEM);
	assert.is(chat.setParam(session, { key: "user", value: "u".repeat(20_000) }), ENOMEM);
	assert.is(memory.used, used);
	assert.is(chat.setParam(session, { key: "user", value: "u".repeat(500) }), 0);
	assert.ok(memory.used >= used + 1_000);
	assert.is(chat.setParam(session, { key: "user", value: "u" }), 0);
	assert.is(chat.setParam(session, { key: "user", value: null }), 0);
	assert.is(memory.used, used);
	const response = await chat.send(session, 0);
	assert.ok(memory.used >= used + 9_000);
	chat.close(response);
	assert.is(memory.used, used);
	const more = [chat.create(), chat.create()];
	while (more.at(-1) !== ENOMEM) more.push(chat.create());
	assert.ok(more.length < 30);
	fds[Symbol.dispose]();
	assert.is(memory.used, 0);
});

test.run();
