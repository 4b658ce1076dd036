import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { refusalOf, requestOf } from "./request-of.ts";

const HELLO = [{ role: "user", content: "Hi" }];
const FIND: cchat.Tool = { name: "find", parameters: { properties: {} } };

const params = (more: Partial<cchat.Params>): Partial<cchat.Request> => ({ params: { stop: [], ...more } });

test("a question becomes a request with model, messages and the wish for a whole answer", () => {
	assert.equal(requestOf({}), { model: "qwen3", messages: HELLO, stream: false });
});

test("parameters become options of the run time", () => {
	const all = { temperature: 0, top_p: 0.5, max_output_tokens: 7, stop: ["END"], seed: -3, presence_penalty: 1, frequency_penalty: -1 };
	assert.equal(requestOf({ params: all }).options, {
		temperature: 0,
		top_p: 0.5,
		num_predict: 7,
		stop: ["END"],
		seed: -3,
		presence_penalty: 1,
		frequency_penalty: -1,
	});
	assert.is(refusalOf(params({ top_p: Number.NaN })), "invalid_request: params.top_p: NaN is not a number that JSON can hold");
});

test("the operator decides about the context and the time that a model stays loaded", () => {
	const request = requestOf(params({ seed: 1 }), { num_ctx: 8192, keep_alive: "30m" });
	assert.equal([request.keep_alive, request.options], ["30m", { seed: 1, num_ctx: 8192 }]);
});

test("the form of the answer is JSON, or the schema itself", () => {
	const formatOf = (response_format: cchat.ResponseFormat) => requestOf({ response_format }).format;
	const schema = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };
	assert.is(formatOf({ type: "text" }), undefined);
	assert.is(formatOf({ type: "json_object" }), "json");
	assert.equal(formatOf({ type: "json_schema", json_schema: { name: "n", schema, strict: true } }), schema);
});

test("effort becomes thinking or none, or a level for models that know levels", () => {
	const efforts: readonly cchat.ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
	const thinkOf = (reasoning: string) => efforts.map((effort) => requestOf(params({ reasoning_effort: effort }), { reasoning }).think);
	assert.equal(thinkOf("boolean"), [false, true, true, true, true, true, true]);
	assert.equal(thinkOf("levels"), [false, "low", "low", "medium", "high", "high", "max"]);
});

test("tools become functions, and a schema without a type is that of an object", () => {
	const tools = [FIND, { name: "now", description: "The time.", parameters: { type: "object" }, strict: false }];
	assert.equal(requestOf({ tools, tool_choice: { type: "auto" }, ...params({ parallel_tool_calls: false }) }), {
		model: "qwen3",
		messages: HELLO,
		stream: false,
		tools: [
			{ type: "function", function: { name: "find", parameters: { type: "object", properties: {} } } },
			{ type: "function", function: { name: "now", description: "The time.", parameters: { type: "object" } } },
		],
	});
	const strict = "missing_capabilities: tools[0].strict: this backend does not enforce the schemas of tools";
	assert.is(refusalOf({ tools: [{ ...FIND, strict: true }] }), strict);
	const wrong = { ...FIND, parameters: { type: "string" } };
	assert.match(
		refusalOf({ tools: [wrong] }),
		/^invalid_request: tools\[0\]\.parameters \(tool "find"\): the type of a tool's parameters must be/,
	);
});

test("schemas are sent in the dialect of the server, which reads parameters of tools into fixed fields", () => {
	const city = { type: "string", minLength: 1 };
	const parameters = { type: "object", properties: { city: { $ref: "#/$defs/city" } }, $defs: { city } };
	const { tools } = requestOf({ tools: [{ ...FIND, parameters }] });
	assert.equal(Object(tools)[0].function.parameters, {
		type: "object",
		properties: { city: { type: "string", description: "JSON Schema: minLength: 1" } },
	});
	const { format } = requestOf({ response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } } });
	assert.equal(format, { type: "object" });
});

test("tools that may not be called are left out, and a call cannot be demanded", () => {
	assert.is(requestOf({ tools: [FIND], tool_choice: { type: "none" } }).tools, undefined);
	for (const tool_choice of [{ type: "required" }, { type: "named", named: "find" }] as const) {
		const refusal = 'missing_capabilities: tool_choice: this backend cannot demand a tool call; use "auto"';
		assert.is(refusalOf({ tools: [FIND], tool_choice }), refusal);
	}
});

test("members of provider_options need the operator's word, and those of the run time go into options", () => {
	const allowed = { allow_provider_options: ["top_k", "truncate"] };
	const request = requestOf(params({ seed: 1 }), allowed, { top_k: 40, truncate: false });
	assert.equal([request.options, request.truncate, request.top_k], [{ seed: 1, top_k: 40 }, false, undefined]);
	assert.match(refusalOf({}, allowed, { min_p: 0.1 }), /^invalid_request: provider_options.min_p: this backend does not accept it/);
	for (const name of ["model", "messages", "stream", "options", "think", "temperature"])
		assert.match(refusalOf({}, { allow_provider_options: true }, { [name]: 1 }), /it cannot be set this way/);
});

test.run();
