/** The rules say what the requests do: examples of each value that a rule distinguishes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { readOptions } from "../../../../../src/backends/kinds/gemini/options.ts";
import { chatRules } from "../../../../../src/backends/protocols/gemini/cchat/rules.ts";
import { type FieldRules, ruleFor } from "../../../../../src/backends/rules.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { refusalOf, requestText } from "./request-of.ts";
import { sealed } from "./stream-cases.ts";

const rulesOf = (options: JsonObject = {}): FieldRules<"chat_completions"> =>
	chatRules(readOptions({ name: "up", kind: "gemini", models: [], options }).chat);

const params = (more: Partial<cchat.Params>): Partial<cchat.Request> => ({ params: { stop: [], ...more } });

test("a rejected value is refused by the backend too", () => {
	const rules = rulesOf();
	const stop = ["a", "b", "c", "d", "e", "f"];
	assert.is(ruleFor(rules["params.stop"], stop).treatment, "reject");
	assert.match(refusalOf(params({ stop })), /^missing_capabilities: params\.stop: /);
	assert.is(ruleFor(rules["params.stop"], stop.slice(1)).treatment, "pass");
	assert.ok(requestText(params({ stop: stop.slice(1) })).includes('"stopSequences":["b","c","d","e","f"]'));
	for (const seed of [2 ** 31, -(2 ** 31) - 1]) {
		assert.is(ruleFor(rules["params.seed"], seed).treatment, "reject");
		assert.match(refusalOf(params({ seed })), /^missing_capabilities: params\.seed: /);
	}
	for (const seed of [0, 2 ** 31 - 1, -(2 ** 31)]) assert.is(ruleFor(rules["params.seed"], seed).treatment, "pass");
});

test("a dropped value changes nothing", () => {
	const rules = rulesOf();
	const plain = requestText({});
	assert.is(ruleFor(rules["params.parallel_tool_calls"], false).treatment, "drop");
	assert.is(requestText(params({ parallel_tool_calls: false })), plain);
	assert.is(ruleFor(rules["messages.name"], "ann").treatment, "drop");
	assert.is(requestText({ messages: [say("user", "Hi", { name: "ann" })] }), plain);
	const said = (part: cchat.ContentPart): string => requestText({ messages: [say("user", "Hi"), parts("assistant", part)] });
	const reasoning = { text: "Hm." };
	assert.is(ruleFor(rules["messages.content.reasoning"], reasoning).treatment, "drop");
	assert.is(said({ type: "reasoning", reasoning }), plain);
	assert.is(ruleFor(rules["messages.content.annotation"], { url: "x:" }).treatment, "drop");
	assert.is(said({ type: "annotation", annotation: { url: "x:" } }), plain);
});

test("opaque parts pass at their provider, and are dropped elsewhere and by option", () => {
	const own = sealed("content.executableCode", { executableCode: { code: "1" } });
	const foreign = { ...own, provider: "other" };
	const sent = (opaque: typeof own, options: JsonObject): boolean =>
		requestText({ messages: [say("user", "Hi"), parts("assistant", { type: "opaque", opaque })] }, { options }).includes("executableCode");
	for (const [options, part, treatment] of [
		[{}, own, "pass"],
		[{}, foreign, "drop"],
		[{ provider: "other" }, foreign, "pass"],
		[{ send_opaque: false }, own, "drop"],
	] as const) {
		assert.is(ruleFor(rulesOf(options)["messages.content.opaque"], part).treatment, treatment);
		assert.is(sent(part, options), treatment === "pass");
	}
});

test.run();
