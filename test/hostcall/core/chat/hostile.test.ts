import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EIO, ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { chargedPipeline } from "../../../../src/hostcall/charged-pipeline.ts";
import { MemoryAccount } from "../../../../src/memory/memory-account.ts";
import { TotalMemory } from "../../../../src/memory/total-memory.ts";
import { chatResponse } from "../../../helpers/chat.ts";
import { coreChat, toolCalls, toolDefinition } from "../../../helpers/core-chat.ts";
import { type ScriptedScope, scriptedScope } from "../../../helpers/guest-scope.ts";
import { type Behaviour, randomPipeline } from "../../../helpers/random-pipeline.ts";

function payloadOf(scope: ScriptedScope, index: number): cchat.Request {
	const call = scope.calls[index];
	if (call === undefined || !("messages" in call.payload)) throw new Error(`no chat call ${index}`);
	return call.payload;
}

test("a value of any depth is an errno or a request, and no fault of the host", async () => {
	const core = coreChat(scriptedScope([chatResponse("ok")]));
	const session = core.open();
	const nested = (depth: number, open: string, close: string): JsonValue => JSON.parse(open.repeat(depth) + close.repeat(depth));
	assert.is(core.chat.setParam(session, { key: "x", value: nested(100_000, "[", "]") }), EIO);
	assert.is(core.chat.setParam(session, { key: "x", value: JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`) }), EIO);
	assert.is(core.chat.setParam(session, { key: "x", value: nested(257, "[", "]") }), 0);
	assert.is(core.chat.setParam(session, { key: "x", value: nested(258, "[", "]") }), EIO);
	assert.ok((await core.send(session)).choices);
});

test("a tool with more values than a hostcall may have is refused unread, and the session goes on", async () => {
	const scope = scriptedScope([chatResponse("ok")], { maxHostcallItems: 50 });
	const core = coreChat(scope);
	const session = core.open();
	const tool = (values: number): string => `{"name":"t${values}","parameters":{"enum":[${"0,".repeat(values)}0]}}`;
	assert.is(core.chat.writeFunction(session, 1, tool(1_000)), ENOMEM);
	assert.is(core.chat.writeFunction(session, 1, `{"name":"t","parameters":${'{"a":'.repeat(51)}`), ENOMEM);
	assert.is(core.chat.writeFunction(session, 1, `{"name":"t","description":"${",".repeat(1_000)}"}`), 0);
	assert.is(core.chat.writeFunction(session, 1, tool(40)), 0);
	await core.send(session);
	assert.equal(
		payloadOf(scope, 0).tools.map(({ name }) => name),
		["t", "t40"],
	);
});

test("a session holds 1024 parameters, each of which may change at any time", async () => {
	const scope = scriptedScope([chatResponse("ok")]);
	const core = coreChat(scope);
	const session = core.open();
	const outcomes = new Map<number, number>();
	for (let index = 0; index < 100_000; index += 1) {
		const outcome = core.chat.setParam(session, { key: `p${index}`, value: index });
		outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
	}
	assert.equal(
		[...outcomes],
		[
			[0, 1_024],
			[ENOMEM, 98_976],
		],
	);
	assert.is(core.chat.setParam(session, { key: "p7", value: "new" }), 0);
	assert.is(core.chat.setParam(session, { key: "seed", value: 1 }), ENOMEM);
	assert.is(core.chat.setParam(session, { key: "p8" }), 0);
	assert.is(core.chat.setParam(session, { key: "seed", value: 1 }), 0);
	await core.send(session);
	const options = scope.calls[0]?.options?.provider_options ?? {};
	assert.is(Object.keys(options).length, 1_023);
	assert.is(options.p7, "new");
});

test("names of Object.prototype are names like any other", async () => {
	const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
	const scope = scriptedScope([toolCalls(...names.map((name) => [name, "{}"] as const)), chatResponse("ok")]);
	const core = coreChat(scope, { 1: () => "mine" });
	const session = core.open();
	for (const name of names) {
		core.chat.setParam(session, { key: name, value: JSON.parse('{"__proto__":{"polluted":true}}') });
		core.chat.writeMessage(session, name, "x");
	}
	const second = core.open();
	core.chat.writeFunction(second, 1, toolDefinition("constructor"));
	core.chat.writeFunction(second, 1, '{"name":"t","parameters":{"__proto__":{"polluted":true}}}');
	core.chat.setParam(second, { key: "__proto__", value: { polluted: true } });
	await core.send(second, 2);
	assert.equal(Object.keys(scope.calls[0]?.options?.provider_options ?? {}), ["__proto__"]);
	assert.equal(
		payloadOf(scope, 1)
			.messages.slice(2)
			.map(({ content: [part] }) => (part?.type === "text" ? part.text : "")),
		names.map((name) => (name === "constructor" ? "mine" : `{"error":{"code":"unknown_tool","message":"unknown tool: ${name}"}}`)),
	);
	assert.is(Object.getOwnPropertyDescriptor(Object.prototype, "polluted"), undefined);
	assert.ok((await core.send(session)).error);
});

test("halves of surrogate pairs in arguments, names and values arrive as replacement characters or escapes", async () => {
	const scope = scriptedScope([toolCalls(["t", '{"x":"\ud800"}'], ["\udfff", "{}"]), chatResponse("half \ud800")]);
	const inputs: string[] = [];
	const core = coreChat(scope, {
		1: (input) => {
			inputs.push(input);
			return "ok";
		},
	});
	const session = core.open({ user: "\ud800" });
	core.chat.writeFunction(session, 1, '{"name":"t","description":"\\ud800"}');
	const response = await core.chat.send(session, 2);
	assert.equal(inputs, ['{"x":"\ufffd"}']);
	assert.match(new TextDecoder("utf-8", { fatal: true }).decode(core.chat.receive(response) as Uint8Array), '"content":"half \\ud800"');
});

test("an answer with a hundred thousand calls runs those within the limit", async () => {
	const many = toolCalls(...Array.from({ length: 100_000 }, () => ["t", "{}"] as const));
	const core = coreChat(scriptedScope([many]), { 1: () => "ok" });
	const session = core.open();
	core.chat.writeFunction(session, 1, toolDefinition("t"));
	assert.equal(await core.send(session, 2), { error: { code: "tool_call_limit", message: "exceeded max_total_tool_calls" } });
	assert.is(core.called.length, 32);
});

const behaviours = fc.constantFrom<Behaviour[]>("answers", "fails", "fails later");
const values = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("auto", 1, -1, true, null)) as fc.Arbitrary<JsonValue>;
const keys = fc.oneof(
	fc.constantFrom(
		"model",
		"seed",
		"stop",
		"max_iterations",
		"tool_choice",
		"response_format",
		"mcp.enabled",
		"timeout_ms",
		"stream",
		"n",
		"",
	),
	fc.string({ maxLength: 5 }),
);
const steps = fc.oneof(
	fc.record({ do: fc.constant("create" as const) }),
	fc.record({ do: fc.constant("close" as const), fd: fc.nat(8) }),
	fc.record({
		do: fc.constant("write" as const),
		fd: fc.nat(8),
		role: fc.constantFrom("user", "assistant", "tool", "x"),
		text: fc.string(),
	}),
	fc.record({ do: fc.constant("offer" as const), fd: fc.nat(8), text: fc.oneof(fc.json(), fc.constantFrom(toolDefinition("t"), "{")) }),
	fc.record({ do: fc.constant("set" as const), fd: fc.nat(8), key: keys, value: values }),
	fc.record({ do: fc.constant("send" as const), fd: fc.nat(8), flags: fc.integer() }),
	fc.record({ do: fc.constant("read" as const), fd: fc.nat(8) }),
);

test("whatever a guest calls is answered by a number or a body, and nothing is held after the end", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(steps, { maxLength: 40 }),
			fc.infiniteStream(behaviours),
			fc.integer({ min: 3_000, max: 200_000 }),
			async (list, next, limit) => {
				const memory = new MemoryAccount({ limit, total: new TotalMemory(10_000_000) });
				const behaviour = (): Behaviour => next.next().value ?? "answers";
				const pipeline = chargedPipeline(
					randomPipeline(behaviour, () => 1_000),
					memory,
				);
				const core = coreChat({ ...scriptedScope([], { maxHandles: 6 }), memory, pipeline });
				for (const step of list) {
					const fd = "fd" in step ? 1_000 + step.fd : 0;
					const answered = await (() => {
						switch (step.do) {
							case "create":
								return core.chat.create();
							case "close":
								return core.chat.close(fd);
							case "write":
								return core.chat.writeMessage(fd, step.role, step.text);
							case "offer":
								return core.chat.writeFunction(fd, 1, step.text);
							case "set":
								return core.chat.setParam(fd, { key: step.key, value: step.value });
							case "send":
								return core.chat.send(fd, step.flags);
							case "read": {
								const body = core.chat.receive(fd);
								if (typeof body !== "number") JSON.parse(new TextDecoder().decode(body));
								core.chat.getMetrics(fd);
								return 0;
							}
						}
					})();
					assert.ok(Number.isInteger(answered));
				}
				core.fds[Symbol.dispose]();
				memory.taken();
				assert.is(memory.used, 0);
			},
		),
		{ numRuns: 200 },
	);
});

test.run();
