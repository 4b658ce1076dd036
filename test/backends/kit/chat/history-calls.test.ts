import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { historyArguments, withUniqueCallIds } from "../../../../src/backends/kit/chat/history-calls.ts";
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

test("arguments go back as the text of a JSON object", () => {
	for (const [text, sent] of [
		["", "{}"],
		[" \n", "{}"],
		["null", "{}"],
		['{"a": 1}', '{"a": 1}'],
		['{"a":', '{"invalid_arguments":"{\\"a\\":"}'],
		["[1]", '{"invalid_arguments":"[1]"}'],
		["7", '{"invalid_arguments":"7"}'],
		["[".repeat(300), `{"invalid_arguments":"${"[".repeat(300)}"}`],
	] as const)
		assert.is(historyArguments(text), sent);
});

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

test.run();
