import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { CchatSession } from "../../src/hostcall/cchat-session.ts";
import type { HostToolCall, HostToolResult, HostTools } from "../../src/hostcall/host-tools.ts";
import { chatRequest, chatResponse, message } from "../helpers/chat.ts";
import { type Scripted, type ScriptedScope, scriptedScope } from "../helpers/guest-scope.ts";

const READ: cchat.Tool = { name: "mcp__ZnM__cmVhZA", description: "Reads.", parameters: { type: "object" } };
const ADD: cchat.Tool = { name: "add", parameters: { type: "object" } };
const SELECTION = { servers: ["fs"], allow: [], deny: [] };

interface Opened {
	readonly session: CchatSession;
	readonly scope: ScriptedScope;
	readonly ran: HostToolCall[];
}

/** A session that offers `READ` of the host and `ADD` of the guest. */
function open(script: readonly Scripted[], { run, limits = {} }: { run?: HostTools["call"]; limits?: object } = {}): Opened {
	const ran: HostToolCall[] = [];
	const hostTools: HostTools = {
		servers: ["fs"],
		list: async () => [READ],
		async call(call, signal): Promise<HostToolResult> {
			ran.push(call);
			return run === undefined ? { output: `read ${call.arguments}`, isError: false } : run(call, signal);
		},
	};
	const scope = { ...scriptedScope(script, limits), hostTools };
	const session = new CchatSession(scope, chatRequest({ messages: [message("user", "go")], tools: [ADD] }), undefined);
	session.useHostTools(SELECTION);
	return { session, scope, ran };
}

function asks(...names: string[]): cchat.Response {
	const tool_calls = names.map((name, index) => ({ id: `${name}-${index}`, name, arguments: `{"n":${index}}` }));
	return { model: "m", message: { role: "assistant", content: [], tool_calls }, finish_reason: "tool_calls" };
}

function result(tool_call_id: string, text: string, isError = false): cchat.Message {
	return { role: "tool", tool_call_id, content: [{ type: "text", text }], tool_calls: [], ...(isError ? { is_error: true } : {}) };
}

function payload(scope: ScriptedScope, index: number): cchat.Request {
	const call = scope.calls[index];
	if (call === undefined || !("messages" in call.payload)) throw new Error(`no chat call ${index}`);
	return call.payload;
}

async function refusal(act: () => unknown): Promise<SpearError> {
	try {
		await act();
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
	}
	throw new Error("was not refused");
}

async function events(session: CchatSession): Promise<cchat.Event[]> {
	using stream = await session.sendStream();
	const all: cchat.Event[] = [];
	do all.push(await stream.next());
	while (!["completed", "failed"].includes(all.at(-1)?.type ?? ""));
	return all;
}

test("the host runs the calls of its tools and sends again, until the model has answered", async () => {
	const { session, scope, ran } = open([asks(READ.name, READ.name), asks(READ.name), chatResponse("done")]);
	assert.equal(await session.send(), chatResponse("done"));
	assert.equal(payload(scope, 0).tools, [ADD, READ]);
	assert.equal(ran[1], { selection: SELECTION, name: READ.name, arguments: '{"n":1}', maxOutputBytes: 65_536 });
	const expected = [
		message("user", "go"),
		asks(READ.name, READ.name).message,
		result(`${READ.name}-0`, 'read {"n":0}'),
		result(`${READ.name}-1`, 'read {"n":1}'),
		asks(READ.name).message,
		result(`${READ.name}-0`, 'read {"n":0}'),
	];
	assert.equal(payload(scope, 2).messages, expected);
	assert.equal(session.messages(), [...expected, chatResponse("done").message]);
	const { requests, iterations, tool_calls, tool_output_bytes } = session.metrics();
	assert.equal(
		{ requests, iterations, tool_calls, tool_output_bytes },
		{ requests: 3, iterations: 3, tool_calls: 3, tool_output_bytes: 36 },
	);
});

test("a response with calls of both reaches the guest with its own calls, and the next send goes on", async () => {
	const { session, scope, ran } = open([asks(READ.name, "add"), chatResponse("done")]);
	const response = await session.send();
	assert.equal(response.message.tool_calls, [{ id: "add-1", name: "add", arguments: '{"n":1}' }]);
	assert.is(ran.length, 1);
	assert.match(
		(await refusal(() => session.writeToolResult({ call_id: `${READ.name}-0`, output: "", is_error: false }))).message,
		"open calls: 'add-1'",
	);
	session.writeToolResult({ call_id: "add-1", output: "3", is_error: false });
	await session.send();
	assert.equal(payload(scope, 1).messages.slice(1), [
		asks(READ.name, "add").message,
		result(`${READ.name}-0`, 'read {"n":0}'),
		result("add-1", "3"),
	]);
});

test("a response with calls of the guest alone is that of a session without host tools", async () => {
	const { session, ran } = open([asks("add")]);
	assert.equal(await session.send(), asks("add"));
	assert.equal(ran, []);
});

test("the model receives the reason of a call that fails, and of a call of a tool that does not exist", async () => {
	const failing: HostTools["call"] = async () => ({ failure: { code: "mcp_tool_failed", message: 'no "luck"' } });
	const { session, scope } = open([asks(READ.name), asks("mcp__other"), chatResponse("done")], { run: failing });
	await session.send();
	const text = '{"error":{"code":"mcp_tool_failed","message":"no \\"luck\\""}}';
	assert.equal(payload(scope, 1).messages.at(-1), result(`${READ.name}-0`, text, true));
	assert.equal(payload(scope, 2).messages.at(-1), result("mcp__other-0", text, true));
});

test("a tool of the guest takes the place of a tool of the host with its name", async () => {
	const { session, scope, ran } = open([asks(READ.name)]);
	session.registerTool({ ...READ, description: "The guest's." });
	const response = await session.send();
	assert.equal(payload(scope, 0).tools, [ADD, { ...READ, description: "The guest's." }]);
	assert.equal(response, asks(READ.name));
	assert.equal(ran, []);
});

test("turns of the host count for the limit on turns, and the conversation stays usable", async () => {
	const { session, ran } = open([asks(READ.name), asks(READ.name), chatResponse("done")], { limits: { maxIterations: 2 } });
	assert.is((await refusal(() => session.send())).code, "not_permitted");
	assert.is(ran.length, 2);
	assert.is(session.messages().length, 5);
	session.writeMessage(message("user", "again"));
	assert.equal(await session.send(), chatResponse("done"));
});

test("calls beyond the limit on tool calls are not run", async () => {
	const { session, ran } = open([asks(READ.name, READ.name), chatResponse("done")], { limits: { maxTotalToolCalls: 1 } });
	assert.match((await refusal(() => session.send())).message, "max_total_tool_calls");
	assert.equal(ran, []);
	assert.match(JSON.stringify(session.messages().at(-1)), "the host allows 1 tool calls");
});

test("calls of a response that ended early are not run", async () => {
	const { session, ran } = open([{ ...asks(READ.name, "add"), finish_reason: "length" }]);
	const response = await session.send();
	assert.equal(
		response.message.tool_calls.map(({ name }) => name),
		["add"],
	);
	assert.equal(ran, []);
	assert.match(JSON.stringify(session.messages().at(-1)), "the response ended early");
});

test("a later turn that fails leaves the turns before in the conversation", async () => {
	const { session } = open([asks(READ.name), new SpearError("rate_limited", "slow down"), chatResponse("done")]);
	assert.is((await refusal(() => session.send())).code, "rate_limited");
	assert.is(session.messages().length, 3);
	assert.equal(await session.send(), chatResponse("done"));
});

test("an abort while a tool runs leaves no call without a result", async () => {
	const abort = new AbortController();
	const hangs: HostTools["call"] = (_, signal) =>
		new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
	const { session, ran } = open([asks(READ.name)], { run: hangs });
	const sent = session.send();
	sent.catch(() => {});
	while (ran.length === 0) await new Promise((resolve) => setImmediate(resolve));
	session[Symbol.dispose]();
	assert.is((await refusal(() => sent)).code, "cancelled");
	assert.equal(session.messages(), [message("user", "go")]);
	abort.abort();
});

const delta = (index: number, name?: string, text = ""): cchat.Event => ({
	type: "tool_call",
	tool_call: { index, ...(name === undefined ? {} : { id: `${name}-${index}`, name }), arguments: text },
});

test("a stream delivers the text of all turns, and the end once", async () => {
	const { session, scope } = open([
		[
			{ type: "text", text: "Let me see. " },
			delta(0, READ.name),
			delta(0, undefined, '{"n":0}'),
			{ type: "completed", completed: asks(READ.name) },
		],
		[
			{ type: "text", text: "done" },
			{ type: "completed", completed: chatResponse("done") },
		],
	]);
	assert.equal(await events(session), [
		{ type: "text", text: "Let me see. " },
		{ type: "text", text: "done" },
		{ type: "completed", completed: chatResponse("done") },
	]);
	assert.is(payload(scope, 1).messages.length, 3);
	assert.is(session.messages().length, 4);
	assert.is(session.metrics().iterations, 2);
});

test("a stream numbers the calls of the guest without those of the host", async () => {
	const mixed = asks(READ.name, "add", READ.name, "add");
	const { session, ran } = open([
		[
			delta(0, READ.name),
			delta(1, "add"),
			delta(1, undefined, "{}"),
			delta(2, READ.name),
			delta(3, "add"),
			{ type: "completed", completed: mixed },
		],
	]);
	const [first, second, third, end] = await events(session);
	assert.equal(
		[first, second, third],
		[
			{ type: "tool_call", tool_call: { index: 0, id: "add-1", name: "add", arguments: "" } },
			{ type: "tool_call", tool_call: { index: 0, arguments: "{}" } },
			{ type: "tool_call", tool_call: { index: 1, id: "add-3", name: "add", arguments: "" } },
		],
	);
	assert.equal(end?.type === "completed" && end.completed.message.tool_calls.map(({ id }) => id), ["add-1", "add-3"]);
	assert.is(ran.length, 2);
	assert.is(session.messages().length, 4);
});

test("a stream that is dropped before its end leaves no call without a result", async () => {
	const { session } = open([
		[
			{ type: "text", text: "x" },
			{ type: "completed", completed: asks(READ.name, "add") },
		],
	]);
	const stream = await session.sendStream();
	await stream.next();
	// The host has run its tool by now, and the end waits for the guest.
	await new Promise((resolve) => setTimeout(resolve));
	stream[Symbol.dispose]();
	assert.equal(session.messages(), [message("user", "go")]);
});

test("a failure of a later turn is the last event of the stream", async () => {
	const { session } = open([[{ type: "completed", completed: asks(READ.name) }], [new SpearError("rate_limited", "slow down")]]);
	const all = await events(session);
	assert.is(all.length, 1);
	assert.is(all[0]?.type === "failed" && all[0].failed.error.code, "rate_limited");
	assert.is(session.messages().length, 3);
});

test("a selection is refused for a server that the guest may not use, and for too many entries", async () => {
	const { session, scope } = open([chatResponse("done")]);
	const refused = await refusal(() => session.useHostTools({ ...SELECTION, servers: ["fs", "mail"] }));
	assert.is(refused.code, "not_permitted");
	assert.is(
		refused.message,
		"tools.servers: the guest may not use the server 'mail'; it may use: fs; mcp_servers of its [guests.<name>] lists its servers",
	);
	const many = await refusal(() => session.useHostTools({ ...SELECTION, deny: Array.from({ length: 65 }, () => "x") }));
	assert.is(many.message, "tools.deny: 65 entries, the host allows 64");
	const long = await refusal(() => session.useHostTools({ ...SELECTION, allow: ["*".repeat(129)] }));
	assert.is(long.message, "tools.allow: an entry has more than 128 characters");
	session.useHostTools({ ...SELECTION, servers: [] });
	await session.send();
	assert.equal(payload(scope, 0).tools, [ADD]);
});

test("a host without tools refuses every server", async () => {
	const session = new CchatSession(scriptedScope([]), chatRequest(), undefined);
	assert.match((await refusal(() => session.useHostTools(SELECTION))).message, "it may use none");
	session.useHostTools({ ...SELECTION, servers: [] });
});

test.run();
