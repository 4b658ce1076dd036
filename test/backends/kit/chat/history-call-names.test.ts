import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { withCallNames } from "../../../../src/backends/kit/chat/history-call-names.ts";
import { message } from "../../../helpers/chat.ts";
import { assertLinear } from "../../../helpers/growth.ts";

const asks = (...names: string[]): cchat.Message => ({
	role: "assistant",
	content: [],
	tool_calls: names.map((name, index) => ({ id: `c${index}`, name, arguments: "{}" })),
});
const namesOf = (...names: string[]): string[] =>
	withCallNames([asks(...names)]).flatMap(({ tool_calls }) => tool_calls.map(({ name }) => name));

test("a name that no tool can have is spelled with _, within 64 characters", () => {
	assert.equal(namesOf("browser.open", "$look up", "", "é", "a\nb", "__proto__"), [
		"browser_open",
		"_look_up",
		"_",
		"_",
		"a_b",
		"__proto__",
	]);
	assert.equal(namesOf("x".repeat(1_000_000)), ["x".repeat(64)]);
});

test("a message whose names are those of tools stays as it is", () => {
	const conversation = [message("user", "add"), asks("add", "sub-2")];
	const named = withCallNames(conversation);
	assert.is(named[0], conversation[0]);
	assert.is(named[1], conversation[1]);
});

test("names have a cost that grows linearly", () =>
	assertLinear({
		name: "names of calls",
		make: (size) => Array.from({ length: Math.ceil(size / 1_024) }, () => asks(...Array.from({ length: 1_024 }, () => "a.b"))),
		run: (conversation: readonly cchat.Message[]) => withCallNames(conversation),
	}));

test.run();
