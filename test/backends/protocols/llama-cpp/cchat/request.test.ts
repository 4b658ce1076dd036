import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { CHAT_RULES } from "../../../../../src/backends/protocols/llama-cpp/cchat/rules.ts";
import type { ContextState, HistoryItem } from "../../../../../src/backends/protocols/llama-cpp/library.ts";
import { ruleFor } from "../../../../../src/backends/rules.ts";
import { chatEnvelope, parts, say } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import type { FakeRequest } from "../fake-library.ts";
import { failureOf, fakeInstance } from "../instance.ts";

const FIND: cchat.Tool = { name: "find", description: "Finds.", parameters: { properties: { word: { type: "string" } } } };
const NOW: cchat.Tool = { name: "now", parameters: {} };
const STOP: cchat.Params = { stop: [] };

/** Returns the library's request for a payload. */
async function requestOf(payload: Partial<cchat.Request>): Promise<FakeRequest> {
	const { library, chat } = fakeInstance();
	await chat.unary(chatEnvelope(payload), contextOf());
	const [request] = library.requests;
	if (request === undefined) throw new Error("the library received no request");
	return request;
}

async function refusalOf(payload: Partial<cchat.Request>, provider_options = {}): Promise<string> {
	const { library, chat } = fakeInstance();
	const failure = await failureOf(chat.unary(chatEnvelope(payload, provider_options), contextOf()));
	assert.equal(library.loaded, [], "a refused request loads no model");
	return String(failure);
}

const historyOf = async (...messages: cchat.Message[]): Promise<readonly HistoryItem[]> => (await requestOf({ messages })).history;

test("system, user and assistant messages become items of the conversation", async () => {
	assert.equal(
		await historyOf(
			say("system", "Be brief."),
			parts("user", { type: "text", text: "Hi" }, { type: "text", text: "!" }),
			say("assistant", "Yes?"),
		),
		[
			{ type: "system", text: "Be brief." },
			{ type: "user", text: "Hi!" },
			{ type: "model", response: ["Yes?"] },
		],
	);
});

test("tool calls, their results and the text after them are one item", async () => {
	const called = say("assistant", "Let me look.", {
		tool_calls: [
			{ id: "a", name: "find", arguments: '{"word":"x"}' },
			{ id: "b", name: "now", arguments: "" },
		],
	});
	const messages = [
		say("user", "Hi"),
		called,
		say("tool", "noon", { tool_call_id: "b" }),
		say("tool", '{"hits":2}', { tool_call_id: "a" }),
		say("assistant", "Two."),
	];
	assert.equal((await historyOf(...messages)).slice(1), [
		{
			type: "model",
			response: [
				"Let me look.",
				{ type: "functionCall", name: "find", params: { word: "x" }, result: { hits: 2 }, startsNewChunk: true },
				{ type: "functionCall", name: "now", params: {}, result: "noon", startsNewChunk: false },
				"Two.",
			],
		},
	]);
});

test("a failed tool's result is an error, and arguments that are no JSON object are put into one", async () => {
	const called = say("assistant", "", { tool_calls: [{ id: "a", name: "find", arguments: "[oops" }] });
	const [, item] = await historyOf(say("user", "Hi"), called, say("tool", "broken", { tool_call_id: "a", is_error: true }));
	assert.equal(item, {
		type: "model",
		response: [
			{
				type: "functionCall",
				name: "find",
				params: { invalid_arguments: "[oops" },
				result: { error: "broken" },
				startsNewChunk: true,
			},
		],
	});
});

test("the result of a call with a repeated id is that of the call before it", async () => {
	const call = { id: "a", name: "now", arguments: "{}" };
	const turn = (text: string): cchat.Message[] => [
		say("assistant", "", { tool_calls: [{ ...call }] }),
		say("tool", text, { tool_call_id: "a" }),
	];
	const [, item] = await historyOf(say("user", "Hi"), ...turn("one"), ...turn("two"));
	assert.equal(item?.type === "model" ? item.response.map((part) => (typeof part === "string" ? part : part.result)) : undefined, [
		"one",
		"two",
	]);
});

test("media are refused with the path of the part", async () => {
	const image: cchat.ContentPart = { type: "image", image: { source: { type: "stored", stored: "x" } } };
	assert.is(
		await refusalOf({ messages: [parts("user", { type: "text", text: "What is it?" }, image)] }),
		"SpearError [missing_capabilities]: messages[0].content[1]: this backend accepts only text, no image",
	);
});

test("members that a role does not have are refused", async () => {
	assert.match(
		await refusalOf({ messages: [say("user", "Hi", { tool_call_id: "a" })] }),
		"SpearError [invalid_request]: messages[0].tool_call_id: a user message cannot have it",
	);
});

test("parameters of sampling have the library's names", async () => {
	const params = {
		temperature: 0.5,
		top_p: 0.9,
		max_output_tokens: 7,
		stop: ["END"],
		seed: -1,
		presence_penalty: 1,
		frequency_penalty: -0.5,
	};
	const { signal: _, contextShift: __, onResponseChunk: ___, ...options } = (await requestOf({ params })).options;
	assert.equal(options, {
		temperature: 0.5,
		topP: 0.9,
		maxTokens: 7,
		customStopTriggers: ["END"],
		seed: 4294967295,
		repeatPenalty: { penalty: 1, frequencyPenalty: -0.5, presencePenalty: 1 },
	});
});

test("a request without parameters has the advised temperature and a random seed", async () => {
	const { temperature, seed, repeatPenalty } = (await requestOf({})).options;
	assert.is(temperature, 0.8);
	assert.is(repeatPenalty, false);
	assert.is.not((await requestOf({})).options.seed, seed);
});

test("tools become functions with the library's schemas", async () => {
	const { options } = await requestOf({ tools: [FIND, NOW], params: { ...STOP, parallel_tool_calls: false } });
	assert.equal(options.functions, {
		find: {
			description: "Finds.",
			params: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
		},
		now: { params: { type: "object", properties: {} } },
	});
	assert.is(options.maxParallelFunctionCalls, 1);
});

test("a choice of tools leaves the tools that the model may call", async () => {
	const functionsOf = async (tool_choice: cchat.ToolChoice): Promise<string[]> =>
		Object.keys((await requestOf({ tools: [FIND, NOW], tool_choice })).options.functions ?? {});
	assert.equal(await functionsOf({ type: "none" }), []);
	assert.equal(await functionsOf({ type: "auto" }), ["find", "now"]);
	assert.equal(await functionsOf({ type: "required" }), ["find", "now"]);
	assert.equal(await functionsOf({ type: "named", named: "now" }), ["now"]);
});

test("a demanded tool call starts the answer", async () => {
	const stateOf = async (tool_choice: cchat.ToolChoice): Promise<ContextState["functionCall"]> => {
		const { wrapper } = await requestOf({ tools: [FIND], tool_choice });
		return wrapper.generateContextState({ chatHistory: [] }).functionCall;
	};
	assert.equal(await stateOf({ type: "required" }), { initiallyEngaged: true, disengageInitiallyEngaged: [] });
	assert.equal(await stateOf({ type: "named", named: "find" }), { initiallyEngaged: true, disengageInitiallyEngaged: [] });
	assert.is(await stateOf({ type: "auto" }), undefined);
});

test("a schema and JSON mode become grammars", async () => {
	const schemaOf = async (response_format: cchat.ResponseFormat): Promise<readonly unknown[]> => {
		const { library, chat } = fakeInstance();
		await chat.unary(chatEnvelope({ response_format }), contextOf());
		assert.is(typeof library.requests[0]?.options.grammar, response_format.type === "text" ? "undefined" : "object");
		return library.schemas;
	};
	assert.equal(await schemaOf({ type: "text" }), []);
	assert.equal(await schemaOf({ type: "json_object" }), [{ type: "object", additionalProperties: true }]);
	const schema = { type: "object", properties: { n: { type: "integer", title: "N" } }, required: ["n"] };
	assert.equal(await schemaOf({ type: "json_schema", json_schema: { name: "x", schema, strict: true } }), [
		{ type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
	]);
});

test("a keyword that grammars lack is declared as such", () => {
	const rule = CHAT_RULES["tools.parameters"];
	const treatmentOf = (schema: JsonObject): string => ruleFor(rule, { type: "object", properties: { n: schema } }, undefined).treatment;
	assert.is(treatmentOf({ type: "integer" }), "map");
	assert.is(treatmentOf({ type: "integer", minimum: 1 }), "emulate");
});

test("members without an equivalent are refused by name, before a model is loaded", async () => {
	assert.match(await refusalOf({ params: { ...STOP, reasoning_effort: "low" } }), "[missing_capabilities]: params.reasoning_effort");
	assert.match(await refusalOf({ tools: [FIND], response_format: { type: "json_object" } }), "[missing_capabilities]: response_format");
	assert.match(await refusalOf({}, { top_k: 3 }), "[invalid_request]: provider_options.top_k");
	const open = { ...NOW, parameters: { properties: { n: { allOf: [{ type: "string" }, { type: "null" }] } } } };
	assert.match(await refusalOf({ tools: [open] }), '[invalid_request]: tools[0].parameters.properties.n (tool "now")');
	assert.match(await refusalOf({ model: "other" }), '[invalid_request]: model: backend "local" does not serve "other"; it serves tiny');
});

test.run();
