import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { CchatSession } from "../../src/hostcall/cchat-session.ts";
import { chunk, completion } from "../backends/protocols/openai/upstream.ts";
import { chatRequest, message } from "../helpers/chat.ts";
import { type ChatScope, chatScope } from "../helpers/chat-scope.ts";
import { answer, type Behaviour, sse } from "../helpers/openai-server.ts";
import { assertValidHistory } from "../helpers/valid-history.ts";

const FINE = answer.json(completion({ content: "fine" }));
const CUT_CALL = { id: "c1", type: "function", function: { name: "add", arguments: '{"a":' } };

async function withSession(run: (session: CchatSession, scope: ChatScope) => Promise<void>): Promise<void> {
	const scope = await chatScope();
	try {
		await run(new CchatSession(scope, chatRequest({ messages: [] }), undefined), scope);
	} finally {
		await scope.close();
	}
}

/** Returns the messages of the latest request. */
function sent(scope: ChatScope): unknown {
	const request = scope.server.requests.at(-1)?.json();
	assertValidHistory(request);
	return Reflect.get(request ?? {}, "messages");
}

async function codeOf(act: () => unknown): Promise<string> {
	try {
		await act();
		return "ok";
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
}

for (const [what, empty, finish_reason] of [
	["an empty text", { content: "" }, "stop"],
	["no content", { content: null }, "stop"],
	["an empty list of parts", { content: [] }, "stop"],
	["only reasoning", { content: null, reasoning_content: "Let me see" }, "length"],
	["only a citation", { content: "", annotations: [{ type: "url_citation", url_citation: { url: "https://a.example" } }] }, "stop"],
] as const) {
	test(`the conversation goes on after an answer with ${what}`, () =>
		withSession(async (session, scope) => {
			session.writeMessage(message("user", "one"));
			scope.answerWith(answer.json(completion(empty, { finish_reason })));
			await session.send();
			session.writeMessage(message("user", "two"));
			scope.answerWith(FINE);
			assert.equal((await session.send()).message.content, [{ type: "text", text: "fine" }]);
			assert.equal(sent(scope), [
				{ role: "user", content: "one" },
				{ role: "user", content: "two" },
			]);
			assert.is(session.messages().length, 4);
		}));
}

test("a tool call that was cut at the length limit can be answered, and goes back within an object", () =>
	withSession(async (session, scope) => {
		session.writeMessage(message("user", "add"));
		scope.answerWith(answer.json(completion({ tool_calls: [CUT_CALL] }, { finish_reason: "length" })));
		const { finish_reason } = await session.send();
		assert.is(finish_reason, "length");
		session.writeToolResult({ call_id: "c1", output: "cut off", is_error: true });
		scope.answerWith(FINE);
		await session.send();
		const [, call] = sent(scope) as { tool_calls: { function: { arguments: string } }[] }[];
		assert.is(call?.tool_calls[0]?.function.arguments, '{"invalid_arguments":"{\\"a\\":"}');
	}));

test("a message is refused while a tool call has no result, and the conversation stays valid", () =>
	withSession(async (session, scope) => {
		session.writeMessage(message("user", "add"));
		scope.answerWith(answer.json(completion({ tool_calls: [CUT_CALL] }, { finish_reason: "length" })));
		await session.send();
		const refused =
			"invalid_request: message: tool call 'c1' has no result yet; write the result first, or remove the call's message with truncate";
		assert.is(await codeOf(() => session.writeMessage(message("user", "go on"))), refused);
		assert.is(
			await codeOf(() => session.writeMessage({ ...message("tool", "3"), tool_call_id: "c2" })),
			"invalid_request: message.tool_call_id: 'c2' is not an open tool call; open calls: 'c1'",
		);
		session.writeMessage({ ...message("tool", "3"), tool_call_id: "c1" });
		scope.answerWith(FINE);
		await session.send();
	}));

test("the last turn is removed with the calls that it left open", () =>
	withSession(async (session, scope) => {
		session.writeMessage(message("system", "brief"));
		session.writeMessage(message("user", "add"));
		scope.answerWith(answer.json(completion({ tool_calls: [CUT_CALL] }, { finish_reason: "length" })));
		await session.send();
		const removed = session.removeLastTurn();
		assert.equal(
			removed.map(({ role }) => role),
			["user", "assistant"],
		);
		session.writeMessage(message("user", "add less"));
		scope.answerWith(FINE);
		await session.send();
		assert.equal(sent(scope), [
			{ role: "system", content: "brief" },
			{ role: "user", content: "add less" },
		]);
		session.removeLastTurn();
		assert.equal(session.removeLastTurn(), []);
	}));

test("a conversation is cut to a length, and a length beyond it is refused", () =>
	withSession(async (session, scope) => {
		session.writeMessage(message("user", "one"));
		scope.answerWith(FINE);
		await session.send();
		assert.equal(session.truncate(1), [message("assistant", "fine")]);
		assert.is(await codeOf(() => session.truncate(2)), "invalid_request: length: the conversation has 1 messages, not 2");
		await session.send();
		assert.equal(sent(scope), [{ role: "user", content: "one" }]);
	}));

test("a turn is not removed while a request is in flight", () =>
	withSession(async (session, scope) => {
		session.writeMessage(message("user", "one"));
		scope.answerWith(answer.stream(sse([chunk({ content: "fi" }), chunk({}, "stop")])));
		const stream = await session.sendStream();
		const refused = "invalid_request: a request of this session is in flight; take its answer or drop its stream first";
		assert.is(await codeOf(() => session.removeLastTurn()), refused);
		assert.is(await codeOf(() => session.truncate(0)), refused);
		stream[Symbol.dispose]();
		assert.equal(session.removeLastTurn(), [message("user", "one")]);
	}));

test("both calls of an answer with two calls of one id can be answered", () =>
	withSession(async (session, scope) => {
		const call = { id: "c1", type: "function", function: { name: "add", arguments: "{}" } };
		session.writeMessage(message("user", "add"));
		scope.answerWith(answer.json(completion({ tool_calls: [call, call] }, { finish_reason: "tool_calls" })));
		await session.send();
		assert.is(new Set(openCalls(session)).size, 2);
		writeResults(session, 2);
		scope.answerWith(FINE);
		await session.send();
		sent(scope);
	}));

test("calls of later answers have ids of their own although the server numbers the calls of each answer anew", () =>
	withSession(async (session, scope) => {
		const call = { id: "call_0", type: "function", function: { name: "add", arguments: "" } };
		session.writeMessage(message("user", "add"));
		for (let turn = 0; turn < 2; turn++) {
			scope.answerWith(answer.json(completion({ tool_calls: [call] }, { finish_reason: "tool_calls" })));
			await session.send();
			session.writeToolResult({ call_id: "call_0", output: "3", is_error: false });
		}
		scope.answerWith(FINE);
		await session.send();
		const calls = (sent(scope) as { tool_calls?: { id: string; function: { arguments: string } }[] }[]).flatMap(
			({ tool_calls = [] }) => tool_calls,
		);
		assert.equal(
			calls.map(({ id, function: { arguments: args } }) => [id, args]),
			[
				["call_0", "{}"],
				["call_0_2", "{}"],
			],
		);
	}));

const ARGUMENTS = fc.constantFrom("", "{}", '{"a":1}', '{"a":', "null", "[1]", "4", " ");
const CALLS = fc.array(
	fc.record({ id: fc.constantFrom("c1", "c2", "c3"), type: fc.constant("function"), name: fc.constantFrom("add", "sub"), args: ARGUMENTS }),
	{ maxLength: 3 },
);
const ANSWER = fc.record({
	content: fc.constantFrom(null, "", "text", [], [{ type: "text", text: "" }], [{ type: "thinking", thinking: "hm" }]),
	reasoning: fc.constantFrom(undefined, "hm"),
	refusal: fc.constantFrom(null, "", "no"),
	calls: CALLS,
	finish: fc.constantFrom("stop", "length", "tool_calls", "content_filter", "weird"),
});
type Answer = typeof ANSWER extends fc.Arbitrary<infer T> ? T : never;

function messageOf({ content, reasoning, refusal, calls }: Answer): object {
	return {
		content,
		refusal,
		...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
		...(calls.length === 0
			? {}
			: { tool_calls: calls.map(({ id, type, name, args }, index) => ({ index, id, type, function: { name, arguments: args } })) }),
	};
}

const whole = (it: Answer): Behaviour => answer.json(completion(messageOf(it), { finish_reason: it.finish }));
const streamed = (it: Answer): Behaviour => answer.stream(sse([chunk(messageOf(it)), chunk({}, it.finish)]));
const FAILURES: readonly Behaviour[] = [
	answer.status(500, { error: { message: "broken" } }),
	answer.status(400, { error: { message: "refused" } }),
	answer.text("{"),
	answer.json({ choices: [] }),
	answer.disconnect(),
	answer.cutOff(sse([chunk({ content: "par" })], { done: false })),
];

const UPSTREAM = fc.oneof(
	{ weight: 4, arbitrary: ANSWER.map((it) => ({ whole: whole(it), streamed: streamed(it) })) },
	{ weight: 1, arbitrary: fc.constantFrom(...FAILURES).map((failing) => ({ whole: failing, streamed: failing })) },
);
const STEP = fc.oneof(
	fc.record({ do: fc.constant("user" as const) }),
	fc.record({ do: fc.constant("send" as const), upstream: UPSTREAM }),
	fc.record({ do: fc.constant("stream" as const), upstream: UPSTREAM, take: fc.integer({ min: 0, max: 6 }) }),
	fc.record({ do: fc.constant("results" as const), count: fc.integer({ min: 1, max: 3 }) }),
	fc.record({ do: fc.constant("remove" as const) }),
	fc.record({ do: fc.constant("truncate" as const), length: fc.integer({ min: 0, max: 8 }) }),
);
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;

function openCalls(session: CchatSession): string[] {
	const messages = session.messages();
	const answered = messages.slice(messages.findLastIndex(({ role }) => role !== "tool") + 1).map(({ tool_call_id }) => tool_call_id);
	const asked = messages.findLast(({ role }) => role !== "tool")?.tool_calls.map(({ id }) => id) ?? [];
	return asked.filter((id) => !answered.includes(id));
}

function writeResults(session: CchatSession, count: number): void {
	for (const call_id of openCalls(session).slice(0, count)) session.writeToolResult({ call_id, output: "3", is_error: false });
}

async function take(session: CchatSession, count: number): Promise<void> {
	const stream = await session.sendStream();
	try {
		for (let taken = 0; taken < count; taken++) {
			const { type } = await stream.next();
			if (type === "completed" || type === "failed") return;
		}
	} finally {
		stream[Symbol.dispose]();
	}
}

/** Does one step. A step that the host or the upstream refuses has no effect. */
async function play(session: CchatSession, scope: ChatScope, step: Step): Promise<void> {
	switch (step.do) {
		case "user":
			return session.writeMessage(message("user", "more"));
		case "send":
			scope.answerWith(step.upstream.whole);
			await session.send();
			return;
		case "stream":
			scope.answerWith(step.upstream.streamed);
			return take(session, step.take);
		case "results":
			return writeResults(session, step.count);
		case "remove":
			session.removeLastTurn();
			return;
		case "truncate":
			session.truncate(step.length);
	}
}

test("no sequence of answers, failures and operations ends a conversation", async () => {
	const scope = await chatScope();
	try {
		await fc.assert(
			fc.asyncProperty(fc.array(STEP, { maxLength: 14 }), fc.boolean(), async (steps, removes) => {
				const before = scope.server.requests.length;
				const session = new CchatSession(scope, chatRequest({ messages: [] }), undefined);
				for (const step of steps) await codeOf(() => play(session, scope, step));
				if (removes) session.removeLastTurn();
				else writeResults(session, Number.POSITIVE_INFINITY);
				// The messages before a removed turn may end in a call without a result only if the guest cut them there.
				writeResults(session, Number.POSITIVE_INFINITY);
				session.writeMessage(message("user", "and now?"));
				scope.answerWith(FINE);
				const response = await session.send();
				assert.equal(response.message.content, [{ type: "text", text: "fine" }]);
				for (const request of scope.server.requests.slice(before)) assertValidHistory(request.json());
			}),
			{ numRuns: 200 },
		);
	} finally {
		await scope.close();
	}
});

test.run();
