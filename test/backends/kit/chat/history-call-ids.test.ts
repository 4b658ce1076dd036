import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { type CallIdForm, withUniqueCallIds } from "../../../../src/backends/kit/chat/history-call-ids.ts";
import { message } from "../../../helpers/chat.ts";
import { assertLinear } from "../../../helpers/growth.ts";

const asks = (...ids: string[]): cchat.Message => ({
	role: "assistant",
	content: [],
	tool_calls: ids.map((id) => ({ id, name: "add", arguments: "{}" })),
});
const result = (id: string): cchat.Message => ({ ...message("tool", "3"), tool_call_id: id });
const idsOf = (messages: readonly cchat.Message[]): unknown[] =>
	messages.map(({ tool_calls, tool_call_id }) => tool_call_id ?? tool_calls.map(({ id }) => id));

test("a conversation with an id for each call stays as it is", () => {
	const conversation = [message("user", "add"), asks("a", "b"), result("b"), result("a"), asks("c"), result("c")];
	assert.equal(withUniqueCallIds(conversation), conversation);
});

test("an id that an earlier call has is made unique, and the result follows it", () => {
	const conversation = [asks("c", "c_2"), result("c_2"), result("c"), asks("c"), result("c"), asks("", "c"), result("c"), result("")];
	assert.equal(idsOf(withUniqueCallIds(conversation)), [["c", "c_2"], "c_2", "c", ["c_3"], "c_3", ["call_2", "c_4"], "c_4", "call_2"]);
});

test("the ids of a conversation do not depend on later messages", () => {
	const conversation = [asks("c"), result("c"), asks("c"), result("c")];
	const later = withUniqueCallIds([...conversation, asks("c_2"), result("c_2")]);
	assert.equal(later.slice(0, 4), withUniqueCallIds(conversation));
	assert.equal(idsOf(later).slice(4), [["c_2_2"], "c_2_2"]);
});

test("making ids unique has a cost that grows linearly", () =>
	assertLinear({
		name: "repeated ids",
		make: (size) => Array.from({ length: size }, () => [asks("c"), result("c")]).flat(),
		run: (conversation: readonly cchat.Message[]) => withUniqueCallIds(conversation),
	}));

const FORM: CallIdForm = { pattern: /^[\w-]{1,16}$/, prefix: "call_", length: 8 };
const inForm = (conversation: readonly cchat.Message[]): string[] => idsOf(withUniqueCallIds(conversation, FORM)).flat().map(String);

test("an id of another form becomes a digest of itself, and its result follows it", () => {
	const [call = "", result_] = inForm([asks("a b"), result("a b")]);
	assert.match(call, /^call_[A-Za-z0-9]{8}$/);
	assert.is(result_, call);
	assert.equal(inForm([asks("c"), result("c"), asks("a b"), result("a b")]), ["c", "c", call, call]);
});

test("a repeated id of the greatest length stays within the form", () => {
	const longest = "x".repeat(16);
	const turn = [asks(longest), result(longest)];
	const ids = inForm([...turn, ...turn, ...turn]);
	assert.equal([ids[0], ids[2], ids[4]], [ids[1], ids[3], ids[5]]);
	assert.is(new Set(ids).size, 3);
	assert.is(ids[0], longest);
	for (const id of ids) assert.match(id, FORM.pattern);
});

test("two calls of one message keep different ids when one has the id that the other is given", () => {
	const [digest = ""] = inForm([asks("a b")]);
	const ids = inForm([asks("a b", digest), result(digest), result("a b")]);
	assert.is(ids[0], digest);
	assert.not.equal(ids[1], digest);
	assert.equal(ids.slice(2), [ids[1], ids[0]]);
});

test("an empty id is given one of the form", () => {
	const nine: CallIdForm = { pattern: /^[A-Za-z0-9]{9}$/, prefix: "", length: 9 };
	const ids = idsOf(withUniqueCallIds([asks("", "callx"), result("callx"), result("")], nine))
		.flat()
		.map(String);
	for (const id of ids) assert.match(id, nine.pattern);
	assert.equal(ids.slice(2), [ids[1], ids[0]]);
	assert.is(new Set(ids).size, 2);
});

test.run();
