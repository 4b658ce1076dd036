import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { CchatSession } from "../../src/hostcall/cchat-session.ts";
import { chatRequest, chatResponse, message } from "../helpers/chat.ts";
import { type Scripted, type ScriptedScope, scriptedScope } from "../helpers/guest-scope.ts";

function sessionOf(scope: ScriptedScope, more: Partial<cchat.Request> = {}): CchatSession {
	return new CchatSession(scope, chatRequest({ messages: [], ...more }), undefined);
}

function open(script: readonly Scripted[], limits = {}): { session: CchatSession; scope: ScriptedScope } {
	const scope = scriptedScope(script, limits);
	return { scope, session: sessionOf(scope) };
}

function payloadOf(scope: ScriptedScope, index: number): cchat.Request {
	const call = scope.calls[index];
	if (call === undefined || !("messages" in call.payload)) throw new Error(`no chat call ${index}`);
	return call.payload;
}

function asks(...ids: string[]): cchat.Response {
	const tool_calls = ids.map((id) => ({ id, name: "add", arguments: "{}" }));
	return { model: "m", message: { role: "assistant", content: [], tool_calls }, finish_reason: "tool_calls" };
}

function refusal(act: () => unknown): SpearError {
	try {
		act();
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
	}
	throw new Error("was not refused");
}

async function refusalOf(promise: Promise<unknown>): Promise<SpearError> {
	const [result] = await Promise.allSettled([promise]);
	if (result?.status === "rejected" && result.reason instanceof SpearError) return result.reason;
	throw new Error("was not refused");
}

test("an answer becomes part of the conversation and of the next request", async () => {
	const { session, scope } = open([chatResponse("hi"), chatResponse("bye")]);
	session.writeMessage(message("user", "hello"));
	assert.equal(await session.send(), chatResponse("hi"));
	session.writeMessage(message("user", "more"));
	await session.send();
	assert.equal(payloadOf(scope, 1).messages, [message("user", "hello"), message("assistant", "hi"), message("user", "more")]);
});

test("a failed send leaves the conversation as it was", async () => {
	const { session } = open([new SpearError("rate_limited", "slow down"), chatResponse("hi")]);
	session.writeMessage(message("user", "hello"));
	assert.is((await refusalOf(session.send())).code, "rate_limited");
	assert.equal(session.messages(), [message("user", "hello")]);
	assert.equal(await session.send(), chatResponse("hi"));
});

test("tool results answer the calls of the last answer, each once", async () => {
	const { session, scope } = open([asks("c1", "c2"), chatResponse("done")]);
	session.writeMessage(message("user", "add"));
	await session.send();
	session.writeToolResult({ call_id: "c1", output: "3", is_error: false });
	assert.is(
		refusal(() => session.writeToolResult({ call_id: "c1", output: "3", is_error: false })).message,
		"tool-result.call-id: 'c1' is not an open tool call; open calls: 'c2'",
	);
	session.writeToolResult({ call_id: "c2", output: "no", is_error: true });
	await session.send();
	assert.equal(payloadOf(scope, 1).messages.slice(2), [
		{ role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "3" }], tool_calls: [] },
		{ role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "no" }], tool_calls: [], is_error: true },
	]);
});

test("tool output beyond the limit is refused, counted in bytes", async () => {
	const { session } = open([asks("c1")], { maxToolOutputBytes: 4 });
	session.writeMessage(message("user", "add"));
	await session.send();
	assert.is(
		refusal(() => session.writeToolResult({ call_id: "c1", output: "ééé", is_error: false })).message,
		"tool-result.output: 6 bytes, the host allows 4; shorten it or send a summary",
	);
	session.writeToolResult({ call_id: "c1", output: "éé", is_error: false });
});

test("beyond the limit on turns a send is refused until the user speaks again", async () => {
	const { session } = open([chatResponse("1"), chatResponse("2"), chatResponse("3")], { maxIterations: 2 });
	session.writeMessage(message("user", "go"));
	await session.send();
	await session.send();
	assert.is((await refusalOf(session.send())).code, "not_permitted");
	session.writeMessage(message("user", "again"));
	assert.equal(await session.send(), chatResponse("3"));
});

test("beyond the limit on tool calls a send is refused", async () => {
	const { session } = open([asks("c1", "c2", "c3"), chatResponse("x")], { maxTotalToolCalls: 2 });
	session.writeMessage(message("user", "go"));
	await session.send();
	for (const call_id of ["c1", "c2", "c3"]) session.writeToolResult({ call_id, output: "", is_error: false });
	const error = await refusalOf(session.send());
	assert.is(error.code, "not_permitted");
	assert.match(error.message, "2 tool calls since the last user message (max_total_tool_calls)");
});

test("a parameter is set by its name in either spelling, checked, and left out again by null", () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const session = sessionOf(scope);
	session.setParam("temperature", 0.5);
	session.setParam("max-output-tokens", 10);
	assert.is(refusal(() => session.setParam("temperature", 3)).message, "params.temperature: must be <= 2");
	assert.match(refusal(() => session.setParam("tempo", 1)).message, /^params\.tempo: no such key/);
	session.setParam("temperature", null);
	void session.send();
	assert.equal(payloadOf(scope, 0).params, { stop: [], max_output_tokens: 10 });
});

test("a tool of the same name is replaced", () => {
	const scope = scriptedScope([chatResponse("hi")]);
	const session = sessionOf(scope);
	session.registerTool({ name: "add", parameters: {} });
	session.registerTool({ name: "add", description: "adds", parameters: {} });
	void session.send();
	assert.equal(payloadOf(scope, 0).tools, [{ name: "add", description: "adds", parameters: {} }]);
});

test("a tool with a name no upstream takes is refused", () => {
	const { session } = open([]);
	assert.match(refusal(() => session.registerTool({ name: "a b", parameters: {} })).message, /^name: must match pattern/);
});

test("one request may be in flight", async () => {
	const { session } = open([chatResponse("hi")]);
	session.writeMessage(message("user", "hello"));
	const sending = session.send();
	assert.is(refusal(() => session.writeMessage(message("user", "more"))).code, "invalid_request");
	await sending;
	session.writeMessage(message("user", "more"));
});

test("a streamed answer is appended when it is delivered whole", async () => {
	const { session } = open([
		[
			{ type: "text", text: "hi" },
			{ type: "completed", completed: chatResponse("hi") },
		],
	]);
	session.writeMessage(message("user", "hello"));
	const stream = await session.sendStream();
	assert.equal(await stream.next(), { type: "text", text: "hi" });
	assert.is(session.messages().length, 1);
	await stream.next();
	assert.equal(session.messages()[1], message("assistant", "hi"));
	assert.is(session.metrics().last_latency_ms, 9);
});

test("a stream that fails gives what had arrived, and leaves the conversation as it was", async () => {
	const { session } = open([[{ type: "text", text: "h" }, { type: "text", text: "i" }, new SpearError("backend_error", "cut off")]]);
	session.writeMessage(message("user", "hello"));
	const stream = await session.sendStream();
	await stream.next();
	await stream.next();
	assert.equal(await stream.next(), {
		type: "failed",
		failed: { error: { code: "backend_error", message: "cut off", retryable: false }, partial: message("assistant", "hi") },
	});
	assert.is(session.messages().length, 1);
});

test("dropping a stream frees the session for the next request", async () => {
	const { session } = open([[{ type: "text", text: "h" }], chatResponse("hi")]);
	session.writeMessage(message("user", "hello"));
	const stream = await session.sendStream();
	assert.is((await refusalOf(session.send())).code, "invalid_request");
	stream[Symbol.dispose]();
	assert.equal(await session.send(), chatResponse("hi"));
});

test("metrics sum what was consumed", async () => {
	const usage = { input_tokens: 3, output_tokens: 2 };
	const { session } = open([{ ...asks("c1"), usage }, chatResponse("done", { usage })]);
	session.writeMessage(message("user", "add"));
	await session.send();
	session.writeToolResult({ call_id: "c1", output: "four", is_error: false });
	await session.send();
	assert.equal(session.metrics(), {
		requests: 2,
		iterations: 2,
		tool_calls: 1,
		tool_output_bytes: 4,
		input_tokens: 6,
		output_tokens: 4,
		last_backend: "fake-1",
		last_latency_ms: 7,
	});
});

test.run();
