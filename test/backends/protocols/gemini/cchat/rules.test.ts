/** The rules say what the requests do: examples of each value that a rule distinguishes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { readOptions } from "../../../../../src/backends/kinds/gemini/options.ts";
import { chatRules } from "../../../../../src/backends/protocols/gemini/cchat/rules.ts";
import { type FieldRules, ruleFor } from "../../../../../src/backends/rules.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect, parts, say } from "../../../chat-envelope.ts";
import { piece, response, upstream, wire } from "../upstream.ts";
import { refusalOf, requestText } from "./request-of.ts";
import { sealed } from "./stream-cases.ts";

const rulesOf = (options: JsonObject = {}): FieldRules<"chat_completions"> =>
	chatRules(readOptions({ name: "up", kind: "gemini", models: [], options }).chat);

const PAYLOAD: cchat.Request = { messages: [], tools: [] };

const params = (more: Partial<cchat.Params>): Partial<cchat.Request> => ({ params: { stop: [], ...more } });

test("a rejected value is refused by the backend too", () => {
	const rules = rulesOf();
	for (const seed of [2 ** 31, -(2 ** 31) - 1]) {
		assert.is(ruleFor(rules["params.seed"], seed, PAYLOAD).treatment, "reject");
		assert.match(refusalOf(params({ seed })), /^missing_capabilities: params\.seed: /);
	}
	for (const seed of [0, 2 ** 31 - 1, -(2 ** 31)]) assert.is(ruleFor(rules["params.seed"], seed, PAYLOAD).treatment, "pass");
});

test("more stop sequences than the API accepts are left to the host", () => {
	const stop = ["1", "2", "3", "4", "5", "6"];
	assert.is(ruleFor(rulesOf()["params.stop"], stop, PAYLOAD).treatment, "emulate");
	assert.is(ruleFor(rulesOf()["params.stop"], stop.slice(1), PAYLOAD).treatment, "pass");
	assert.ok(requestText(params({ stop: stop.slice(1) })).includes('"stopSequences":["2","3","4","5","6"]'));
	return upstream(
		[answer.json(response([{ text: "One END two" }])), answer.stream(wire([piece({ text: "One E" }), piece({ text: "ND two" })]))],
		async ({ chat, server, context }) => {
			const envelope = chatEnvelope(params({ stop: [...stop, "END"] }));
			assert.equal((await chat.unary(envelope, context)).message.content, [{ type: "text", text: "One " }]);
			const completed = (await collect(chat.stream(envelope, context))).at(-1);
			assert.equal(completed?.type === "completed" ? completed.completed.message.content : undefined, [{ type: "text", text: "One " }]);
			for (const request of server.requests) assert.is(Object(request.json()).generationConfig, undefined);
		},
	);
});

test("a dropped value changes nothing", () => {
	const rules = rulesOf();
	const plain = requestText({});
	assert.is(ruleFor(rules["params.parallel_tool_calls"], false, PAYLOAD).treatment, "drop");
	assert.is(requestText(params({ parallel_tool_calls: false })), plain);
	assert.is(ruleFor(rules["messages.name"], "ann", PAYLOAD).treatment, "drop");
	assert.is(requestText({ messages: [say("user", "Hi", { name: "ann" })] }), plain);
	const said = (part: cchat.ContentPart): string => requestText({ messages: [say("user", "Hi"), parts("assistant", part)] });
	const reasoning = { text: "Hm." };
	assert.is(ruleFor(rules["messages.content.reasoning"], reasoning, PAYLOAD).treatment, "drop");
	assert.is(said({ type: "reasoning", reasoning }), plain);
	assert.is(ruleFor(rules["messages.content.annotation"], { url: "x:" }, PAYLOAD).treatment, "drop");
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
		assert.is(ruleFor(rulesOf(options)["messages.content.opaque"], part, PAYLOAD).treatment, treatment);
		assert.is(sent(part, options), treatment === "pass");
	}
});

test.run();
