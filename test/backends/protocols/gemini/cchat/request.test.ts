import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { refusalOf, requestOf } from "./request-of.ts";

const HELLO = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };
const FIND: cchat.Tool = { name: "find", parameters: { properties: {} } };

const params = (more: Partial<cchat.Params>): Partial<cchat.Request> => ({ params: { stop: [], ...more } });

test("a question becomes a request with its contents alone", () => {
	assert.equal(requestOf({}), HELLO);
	assert.equal(requestOf({ tools: [], tool_choice: { type: "none" }, ...params({ parallel_tool_calls: false }) }), HELLO);
	assert.equal(requestOf({ response_format: { type: "text" } }), HELLO);
});

test("a schema without a type is that of an object", () => {
	assert.equal(requestOf({ tools: [FIND] }).tools, [
		{ functionDeclarations: [{ name: "find", parametersJsonSchema: { type: "object", properties: {} } }] },
	]);
});

test("one strict tool has the schemas of all enforced, unless the choice enforces or forbids them", () => {
	const mode = (tool_choice?: cchat.ToolChoice): unknown => {
		const request = requestOf({
			tools: [FIND, { ...FIND, name: "g", strict: true }],
			...(tool_choice === undefined ? {} : { tool_choice }),
		});
		return request.toolConfig;
	};
	assert.equal(mode(), { functionCallingConfig: { mode: "VALIDATED" } });
	assert.equal(mode({ type: "auto" }), { functionCallingConfig: { mode: "VALIDATED" } });
	assert.equal(mode({ type: "required" }), { functionCallingConfig: { mode: "ANY" } });
	assert.equal(mode({ type: "none" }), { functionCallingConfig: { mode: "NONE" } });
});

test("a tool whose name begins with a digit or - is refused, because the API refuses it", () => {
	for (const name of ["9a", "-a"])
		assert.is(
			refusalOf({ tools: [FIND, { ...FIND, name }] }),
			"missing_capabilities: tools[1].name: the API accepts only names that begin with a letter or _; give the tool another name",
		);
});

test("a call of the history by a name that no function can have is written with _, and its result too", () => {
	const call = (name: string): cchat.Message => ({ role: "assistant", content: [], tool_calls: [{ id: "c", name, arguments: "{}" }] });
	const result: cchat.Message = { role: "tool", content: [{ type: "text", text: "none" }], tool_calls: [], tool_call_id: "c" };
	for (const [name, sent] of [
		["browser.open", "browser_open"],
		["9a", "_9a"],
	] as const)
		assert.equal(JSON.stringify(requestOf({ messages: [call(name), result] })).match(/"name":"[^"]*"/g), [
			`"name":"${sent}"`,
			`"name":"${sent}"`,
		]);
});

test("each effort has its level, and its budget by option", () => {
	const sent = (reasoning_effort: cchat.ReasoningEffort, options: JsonObject): unknown =>
		requestOf(params({ reasoning_effort }), { options }).generationConfig;
	const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
	const thoughts = (effort: cchat.ReasoningEffort) => (effort === "none" ? {} : { includeThoughts: true });
	const levels = ["MINIMAL", "MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH", "XHIGH"];
	const budgets = [0, 512, 2048, 8192, 16_384, 24_576, 24_576];
	for (const [index, effort] of efforts.entries()) {
		assert.equal(sent(effort, {}), { thinkingConfig: { ...thoughts(effort), thinkingLevel: levels[index] } });
		assert.equal(sent(effort, { reasoning: "budget" }), { thinkingConfig: { ...thoughts(effort), thinkingBudget: budgets[index] } });
	}
});

test("provider options add members that the operator allows and the adapter does not write", () => {
	const extra = { topK: 5, labels: { team: "a" } };
	assert.equal(requestOf(params({ top_p: 0.5 }), { options: { allow_provider_options: ["topK", "labels"] }, extra }), {
		...HELLO,
		generationConfig: { topP: 0.5, topK: 5 },
		labels: { team: "a" },
	});
	assert.match(refusalOf({}, { extra }), /^invalid_request: provider_options\.topK: this backend does not accept it/);
	for (const name of [
		"contents",
		"systemInstruction",
		"system_instruction",
		"tools",
		"toolConfig",
		"tool_config",
		"generation_config",
		"model",
	])
		assert.match(refusalOf({}, { options: { allow_provider_options: true }, extra: { [name]: 1 } }), /it cannot be set this way/, name);
});

const REFUSED: Readonly<Record<string, readonly [payload: Partial<cchat.Request>, message: string]>> = {
	"a seed of more than 32 bits": [
		params({ seed: 2 ** 31 }),
		"missing_capabilities: params.seed: this backend accepts only numbers of 32 bits",
	],
	"a number that JSON cannot hold": [
		params({ frequency_penalty: Number.POSITIVE_INFINITY }),
		"invalid_request: params.frequency_penalty: Infinity is not a number that JSON can hold",
	],
	"arguments that are no object": [
		{ tools: [{ name: "f", parameters: { type: "array" } }] },
		'invalid_request: tools[0].parameters (tool "f"): the type of a tool\'s parameters must be "object"; wrap them into properties',
	],
};

for (const [name, [payload, message]] of Object.entries(REFUSED)) test(`${name} is refused`, () => assert.is(refusalOf(payload), message));

test("schemas are written in the dialect of the API", () => {
	const schema = { type: "object", properties: { id: { const: "a" }, code: { type: "string", minLength: 2, description: "Code." } } };
	const lowered = {
		type: "object",
		properties: { id: { enum: ["a"] }, code: { type: "string", description: "Code.\n\nJSON Schema: minLength: 2" } },
	};
	const request = requestOf({
		tools: [{ ...FIND, parameters: schema }],
		response_format: { type: "json_schema", json_schema: { name: "x", schema } },
	});
	assert.equal(request.tools, [{ functionDeclarations: [{ name: "find", parametersJsonSchema: lowered }] }]);
	assert.equal(request.generationConfig, { responseMimeType: "application/json", responseJsonSchema: lowered });
});

test("seeds of 32 bits are sent", () => {
	for (const seed of [0, -(2 ** 31), 2 ** 31 - 1]) assert.equal(requestOf(params({ seed })).generationConfig, { seed });
});

test.run();
