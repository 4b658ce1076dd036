import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answeredCall, checkAnswerable, withoutLast, writeConversation } from "../../../../src/backends/kit/chat/conversation.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

const CALL: cchat.ToolCall = { id: "a b", name: "look", arguments: "{}" };

function message(role: cchat.Role, more: Partial<cchat.Message> = {}): cchat.Message {
	return { role, content: [{ type: "text", text: role }], tool_calls: [], ...more };
}

/** Returns the messages as each role's writer receives them. */
function written(messages: readonly cchat.Message[], form?: Parameters<typeof writeConversation>[2]): string[] {
	const lines: string[] = [];
	const writer =
		(role: cchat.Role) =>
		({ tool_calls, tool_call_id }: cchat.Message, path: string): void => {
			lines.push([path, role, ...tool_calls.map(({ id }) => id), ...(tool_call_id === undefined ? [] : [tool_call_id])].join(" "));
		};
	writeConversation(
		messages,
		{ system: writer("system"), user: writer("user"), assistant: writer("assistant"), tool: writer("tool") },
		form,
	);
	return lines;
}

function fault(run: () => unknown): string | undefined {
	try {
		run();
		return undefined;
	} catch (thrown) {
		if (!(thrown instanceof SpearError)) throw thrown;
		return `${thrown.code} ${thrown.message}`;
	}
}

test("each message goes to the writer of its role, with its path", () => {
	assert.equal(written([message("system"), message("user"), message("assistant")]), [
		"messages[0] system",
		"messages[1] user",
		"messages[2] assistant",
	]);
});

test("a repeated id of a call is made unique, and its result follows", () => {
	const turn = [message("assistant", { tool_calls: [{ ...CALL, id: "c" }] }), message("tool", { tool_call_id: "c" })];
	assert.equal(written([...turn, ...turn]).slice(2), ["messages[2] assistant c_2", "messages[3] tool c_2"]);
});

test("a call by a name that no tool can have is written with _", () => {
	const names: string[] = [];
	const writer = ({ tool_calls }: cchat.Message): void => void names.push(...tool_calls.map(({ name }) => name));
	const call = { ...CALL, id: "c", name: "browser.open" };
	const messages = [message("assistant", { tool_calls: [call] }), message("tool", { tool_call_id: "c" })];
	writeConversation(messages, { system: writer, user: writer, assistant: writer, tool: writer });
	assert.equal(names, ["browser_open"]);
});

test("an id of another form than the vendor's is replaced, in the result too", () => {
	const turn = [message("assistant", { tool_calls: [CALL] }), message("tool", { tool_call_id: CALL.id })];
	const [call, result] = written(turn, { pattern: /^\w+$/, prefix: "call_", length: 8 }).map((line) => line.split(" ").at(-1));
	assert.match(call ?? "", /^call_[A-Za-z0-9]{8}$/);
	assert.is(result, call);
});

test("a member that the role does not allow is refused by its path", () => {
	const messages = [message("user"), message("user", { tool_calls: [CALL] })];
	assert.is(
		fault(() => written(messages)),
		"invalid_request messages[1].tool_calls: a user message cannot have it",
	);
});

test("a conversation of which nothing remains is refused", () => {
	assert.match(fault(() => checkAnswerable([])) ?? "", /^missing_capabilities messages: /);
	assert.is(
		fault(() => checkAnswerable(["a"])),
		undefined,
	);
});

test("only reasoning at the end of an answer is left out", () => {
	assert.equal(
		withoutLast(["thought", "text", "thought"], (block) => block === "thought"),
		["thought", "text"],
	);
	assert.equal(
		withoutLast(["thought"], () => true),
		[],
	);
});

test("a result that names no call is refused", () => {
	assert.is(answeredCall(message("tool", { tool_call_id: "c" }), "messages[0]"), "c");
	assert.match(fault(() => answeredCall(message("tool"), "messages[3]")) ?? "", /^invalid_request messages\[3\]\.tool_call_id: /);
});

test.run();
