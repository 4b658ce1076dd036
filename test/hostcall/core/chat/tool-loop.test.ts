import { test } from "uvu";
import * as assert from "uvu/assert";
import { SendFlags } from "../../../../generated/hostcall/core/chat.ts";
import { EIO, ENOSPC } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import type { HostTools } from "../../../../src/hostcall/host-tools.ts";
import { MemoryAccount } from "../../../../src/memory/memory-account.ts";
import { TotalMemory } from "../../../../src/memory/total-memory.ts";
import { chatResponse, message } from "../../../helpers/chat.ts";
import { bodyOf, coreChat, toolCalls, toolDefinition } from "../../../helpers/core-chat.ts";
import { type Scripted, type ScriptedScope, scriptedScope } from "../../../helpers/guest-scope.ts";

const AUTO = SendFlags.autoToolCalls;

function payloadOf(scope: ScriptedScope, index: number): cchat.Request {
	const call = scope.calls[index];
	if (call === undefined || !("messages" in call.payload)) throw new Error(`no chat call ${index}`);
	return call.payload;
}

/** Returns a script that calls the same tools for ever. */
function forEver(answer: cchat.Response): Scripted[] {
	return Array.from({ length: 500 }, () => answer);
}

function resultOf(id: string, text: string, isError = false): cchat.Message {
	return { role: "tool", tool_call_id: id, content: [{ type: "text", text }], tool_calls: [], ...(isError ? { is_error: true } : {}) };
}

test("a tool that is called twice in one send runs twice, and its results go to the model", async () => {
	const asks = toolCalls(["sum", '{"a":7,"b":35}'], ["sum", '{"a":1,"b":2}']);
	const scope = scriptedScope([asks, chatResponse("42 and 3", { usage: { input_tokens: 2, output_tokens: 1 } })]);
	const core = coreChat(scope, {
		5: (input) => {
			const { a, b } = JSON.parse(input);
			return JSON.stringify({ sum: a + b });
		},
	});
	const session = core.open({ tool_arena_ptr: 4_096, tool_arena_len: 131_072, max_tool_output_bytes: 1_000 });
	assert.is(core.chat.writeFunction(session, 5, toolDefinition("sum")), 0);
	const body = await core.send(session, AUTO | SendFlags.metrics);
	assert.equal(body._spear, { backend: "fake-1", model: "m" });
	assert.equal(payloadOf(scope, 0).tools, [{ name: "sum", description: "adds", parameters: { type: "object" } }]);
	assert.equal(payloadOf(scope, 1).messages, [
		message("user", "hello"),
		asks.message,
		resultOf("c0", '{"sum":42}'),
		resultOf("c1", '{"sum":3}'),
	]);
	assert.equal(
		core.called.map(({ index, arena, maxOutputBytes }) => ({ index, arena, maxOutputBytes })),
		[0, 1].map(() => ({ index: 5, arena: { pointer: 4_096, length: 131_072 }, maxOutputBytes: 1_000 })),
	);
});

test("the session keeps what the tools of a send did, and the answer", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"]), chatResponse("done"), chatResponse("bye")]);
	const core = coreChat(scope, { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	await core.send(session, AUTO);
	core.chat.writeMessage(session, "user", "more");
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 2).messages.slice(2), [resultOf("c0", "ok"), message("assistant", "done"), message("user", "more")]);
});

test("without the flag, calls of tools are the guest's affair", async () => {
	const scope = scriptedScope([toolCalls(["t", '{"x":1}'])]);
	const core = coreChat(scope, { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	const body = await core.send(session);
	assert.equal(body.choices, [
		{
			index: 0,
			message: {
				role: "assistant",
				content: null,
				refusal: null,
				tool_calls: [{ id: "c0", type: "function", function: { name: "t", arguments: '{"x":1}' } }],
			},
			logprobs: null,
			finish_reason: "tool_calls",
		},
	]);
	assert.equal(core.called, []);
});

test("failures of tools are texts for the model", async () => {
	const calls = toolCalls(["fails", "{}"], ["nobody", "{}"], ["latin", "{}"], ["missing", "{}"], ["mcp__x", "{}"]);
	const scope = scriptedScope([calls, chatResponse("sorry")]);
	const core = coreChat(scope, { 1: () => ENOSPC, 2: () => Uint8Array.of(0xff) });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("fails"));
	core.chat.writeFunction(session, 2, toolDefinition("latin"));
	core.chat.writeFunction(session, 3, toolDefinition("missing"));
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 1).messages.slice(2), [
		resultOf("c0", '{"error":{"code":"tool_exec_failed","message":"tool rc: -28"}}', true),
		resultOf("c1", '{"error":{"code":"unknown_tool","message":"unknown tool: nobody"}}', true),
		resultOf("c2", `{"error":{"code":"tool_exec_failed","message":"tool rc: ${EIO}"}}`, true),
		resultOf("c3", '{"error":{"code":"tool_exec_failed","message":"tool rc: -5"}}', true),
		resultOf("c4", '{"error":{"code":"unknown_tool","message":"unknown tool: mcp__x"}}', true),
	]);
});

test("a model that calls tools for ever is stopped after 8 requests, after those the guest asks for, and at the host's limit", async () => {
	const limited = { error: { code: "tool_call_limit", message: "exceeded max_iterations" } };
	const requests = async (params: Record<string, number>, limits = {}): Promise<number> => {
		const scope = scriptedScope(forEver(toolCalls(["t", "{}"])), { maxIterations: 1_000, maxTotalToolCalls: 1_000, ...limits });
		const core = coreChat(scope, { 1: () => "ok" });
		const session = core.open(params);
		core.chat.writeFunction(session, 1, toolDefinition("t"));
		assert.equal(await core.send(session, AUTO), limited);
		return scope.calls.length;
	};
	assert.is(await requests({}), 8);
	assert.is(await requests({ max_iterations: 3 }), 3);
	assert.is(await requests({ max_iterations: 0 }), 0);
	assert.is(await requests({ max_iterations: 1e18, max_total_tool_calls: 1_000 }), 128);
	assert.is(await requests({ max_iterations: 20 }, { maxIterations: 5 }), 5);
});

test("calls beyond the limit are not run, and the session can be sent again", async () => {
	const many = toolCalls(["t", "{}"], ["t", "{}"], ["t", "{}"]);
	const scope = scriptedScope([many, chatResponse("fine")]);
	const core = coreChat(scope, { 1: () => "ok" });
	const session = core.open({ max_tool_calls: 2 });
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	assert.equal(await core.send(session, AUTO), { error: { code: "tool_call_limit", message: "exceeded max_total_tool_calls" } });
	assert.is(core.called.length, 2);
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 1).messages.slice(2), [
		resultOf("c0", "ok"),
		resultOf("c1", "ok"),
		resultOf("c2", '{"error":{"code":"tool_exec_failed","message":"exceeded max_total_tool_calls"}}', true),
	]);
});

test("calls of an answer that was cut are not run, because their arguments may be cut", async () => {
	const cut: cchat.Response = { ...toolCalls(["t", '{"path":"/tm']), finish_reason: "length" };
	const scope = scriptedScope([cut, chatResponse("again")]);
	const core = coreChat(scope, { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	await core.send(session, AUTO);
	assert.equal(core.called, []);
	const text = '{"error":{"code":"tool_exec_failed","message":"the response ended early, so its calls are not run"}}';
	assert.equal(payloadOf(scope, 1).messages.at(-1), resultOf("c0", text, true));
});

test("the limit on tool calls counts all rounds of a send: 32, what the guest asks for, or the host's", async () => {
	const calls = async (params: Record<string, number>, limits = {}): Promise<number> => {
		const answer = toolCalls(...Array.from({ length: 10 }, () => ["t", "{}"] as const));
		const core = coreChat(scriptedScope(forEver(answer), { maxTotalToolCalls: 100_000, ...limits }), { 1: () => "ok" });
		const session = core.open({ max_iterations: 128, ...params });
		core.chat.writeFunction(session, 1, toolDefinition("t"));
		await core.send(session, AUTO);
		return core.called.length;
	};
	assert.is(await calls({}), 32);
	assert.is(await calls({ max_total_tool_calls: 45, max_tool_calls: 1 }), 45);
	assert.is(await calls({ max_total_tool_calls: 45 }, { maxTotalToolCalls: 7 }), 7);
});

test("the size of an output is the guest's wish within SPEAR's and the host's bounds", async () => {
	const size = async (params: Record<string, number>, limits = {}): Promise<number | undefined> => {
		const core = coreChat(scriptedScope([toolCalls(["t", "{}"]), chatResponse("ok")], { maxToolOutputBytes: 1e9, ...limits }), {
			1: () => "ok",
		});
		const session = core.open(params);
		core.chat.writeFunction(session, 1, toolDefinition("t"));
		await core.send(session, AUTO);
		return core.called[0]?.maxOutputBytes;
	};
	assert.is(await size({}), 65_536);
	assert.is(await size({ max_tool_output_bytes: 1e12 }), 1_048_576);
	assert.is(await size({ max_tool_output_bytes: 100_000 }, { maxToolOutputBytes: 50_000 }), 50_000);
});

test("metrics are the sum over the requests of a send", async () => {
	const usage = { input_tokens: 10, output_tokens: 3, total_tokens: 14 };
	const core = coreChat(scriptedScope([{ ...toolCalls(["t", "{}"]), usage }, chatResponse("ok", { usage })]), { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	const response = await core.chat.send(session, AUTO | SendFlags.metrics);
	assert.equal(core.chat.getMetrics(response), { prompt_tokens: 20, completion_tokens: 6, total_tokens: 28 });
});

test("a request that fails between rounds is an error body, and the session keeps the results", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"]), new SpearError("backend_error", "gone"), chatResponse("ok")]);
	const core = coreChat(scope, { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	assert.equal(await core.send(session, AUTO), { error: { code: "backend_error", message: "Runtime error: gone" } });
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 2).messages, payloadOf(scope, 1).messages);
	assert.is(core.called.length, 1);
});

test("the first of two tools of one name counts, text that is no object is no tool, and the inner object alone is one", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"]), chatResponse("ok")]);
	const core = coreChat(scope, { 1: () => "first", 2: () => "second" });
	const session = core.open();
	for (const text of ["{", "", "[]", "null", '"t"', `${"[".repeat(100_000)}`]) assert.is(core.chat.writeFunction(session, 9, text), 0);
	core.chat.writeFunction(session, 1, '{"name":"t","parameters":null,"strict":true}');
	core.chat.writeFunction(session, 2, toolDefinition("t"));
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 0).tools, [{ name: "t", parameters: { type: "object", properties: {} }, strict: true }]);
	assert.equal(payloadOf(scope, 1).messages.at(-1), resultOf("c0", "first"));
});

test("a tool that no request can offer is an error body that names it", async () => {
	const failures: readonly [string, string][] = [
		['{"type":"web_search"}', "tools[0].type: must be function"],
		['{"type":"function","function":{"name":1}}', "tools[0].function.name: must be a text"],
		['{"name":"t","parameters":[]}', "tools[0].function.parameters: must be a JSON Schema"],
	];
	for (const [definition, text] of failures) {
		const core = coreChat(scriptedScope([]));
		const session = core.open();
		assert.is(core.chat.writeFunction(session, 1, definition), 0);
		assert.equal(await core.send(session), { error: { code: "invalid_request", message: `Invalid request: ${text}` } });
	}
});

test("a tool may send another session, but not its own, and not for ever", async () => {
	const asks = toolCalls(["t", "{}"]);
	const scope = scriptedScope(forEver(asks), { maxIterations: 1 });
	const bodies: unknown[] = [];
	const core = coreChat(scope, {
		async 1() {
			bodies.push(await core.send(1000, AUTO));
			const inner = core.open();
			core.chat.writeFunction(inner, 1, toolDefinition("t"));
			bodies.push(await core.send(inner, AUTO));
			return "ok";
		},
	});
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	await core.send(session, AUTO);
	const own = {
		error: { code: "invalid_request", message: "Invalid request: a request of this session is in flight; wait for its response" },
	};
	const deep = {
		error: { code: "not_permitted", message: "Operation not supported: 4 tools are running; no more than 3 of them may send a session" },
	};
	const limit = { error: { code: "tool_call_limit", message: "exceeded max_iterations" } };
	assert.equal(bodies, [own, own, own, deep, deep, limit, limit, limit]);
	assert.is(scope.calls.length, 4);
});

test("an abort ends a send whose tool never returns", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"])]);
	const running = Promise.withResolvers<void>();
	const core = coreChat(scope, {
		1: () => {
			running.resolve();
			return new Promise<string>(() => {});
		},
	});
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	const sent = core.chat.send(session, AUTO);
	await running.promise;
	scope.abort.abort(new SpearError("timeout", "the run took too long"));
	const [result] = await Promise.allSettled([sent]);
	assert.match(result?.status === "rejected" ? String(result.reason) : "", "the run took too long");
});

test("a tool that closes its session runs to its end, and then the send ends", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"], ["t", "{}"]), chatResponse("never")]);
	const core = coreChat(scope, {
		async 1() {
			core.chat.close(1000);
			await Promise.resolve();
			return "ok";
		},
	});
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	const response = await core.chat.send(session, AUTO);
	assert.is(core.called.length, 1);
	assert.is((bodyOf(core.chat, response).error as { code: string }).code, "cancelled");
});

test("tools and parameters that a tool changes apply to the next send", async () => {
	const scope = scriptedScope([toolCalls(["t", "{}"]), chatResponse("one"), chatResponse("two")]);
	const core = coreChat(scope, {
		1: () => {
			core.chat.writeFunction(1000, 2, toolDefinition("later"));
			core.chat.setParam(1000, { key: "seed", value: 7 });
			return "ok";
		},
	});
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	await core.send(session, AUTO);
	await core.send(session, AUTO);
	assert.equal(
		[0, 1, 2].map((index) => [payloadOf(scope, index).tools.length, payloadOf(scope, index).params?.seed]),
		[
			[1, undefined],
			[1, undefined],
			[2, 7],
		],
	);
});

test("an output that does not fit into the account is replaced by a short text", async () => {
	const memory = new MemoryAccount({ limit: 40_000, total: new TotalMemory(10_000_000) });
	const scope = { ...scriptedScope([toolCalls(["t", "{}"]), chatResponse("ok")]), memory };
	const core = coreChat(scope, { 1: () => "x".repeat(30_000) });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	await core.send(session, AUTO);
	assert.equal(payloadOf(scope, 1).messages.at(-1), resultOf("c0", '{"error":{"code":"tool_exec_failed","message":"tool rc: -12"}}', true));
	core.fds[Symbol.dispose]();
	assert.is(memory.used, 0);
});

test("tools of the host are offered after the guest's, and run by the host", async () => {
	const scope = scriptedScope([toolCalls(["mcp__ZnM__cmVhZA", '{"path":"a"}'], ["mcp__bad", "{}"], ["plain", "{}"]), chatResponse("ok")]);
	const asked: unknown[] = [];
	const tool = (name: string): cchat.Tool => ({ name, parameters: { type: "object" } });
	const hostTools: HostTools = {
		servers: ["fs", "web"],
		async list(selection) {
			asked.push(selection);
			return [tool("mcp__ZnM__cmVhZA"), tool("own")];
		},
		async call({ selection: _, ...call }) {
			asked.push(call);
			if (call.name === "mcp__bad") return { failure: { code: "mcp_tool_failed", message: "no" } };
			return { output: '{"content":[]}', isError: false };
		},
	};
	const core = coreChat({ ...scope, hostTools }, { 1: () => "own" });
	const session = core.open({
		"mcp.enabled": true,
		"mcp.server_ids": ["fs"],
		"mcp.tool_allowlist": ["read*"],
		"mcp.tool_denylist": ["write*"],
	});
	core.chat.writeFunction(session, 1, toolDefinition("own"));
	await core.send(session, AUTO);
	assert.equal(
		payloadOf(scope, 0).tools.map(({ name }) => name),
		["own", "mcp__ZnM__cmVhZA"],
	);
	assert.equal(payloadOf(scope, 1).messages.slice(2), [
		resultOf("c0", '{"content":[]}'),
		resultOf("c1", '{"error":{"code":"mcp_tool_failed","message":"no"}}', true),
		resultOf("c2", '{"error":{"code":"unknown_tool","message":"unknown tool: plain"}}', true),
	]);
	assert.equal(asked, [
		{ servers: ["fs"], allow: ["read*"], deny: ["write*"] },
		{ name: "mcp__ZnM__cmVhZA", arguments: '{"path":"a"}', maxOutputBytes: 65_536 },
		{ name: "mcp__bad", arguments: "{}", maxOutputBytes: 65_536 },
	]);
});

test.run();
