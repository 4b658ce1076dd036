import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { OPENAI } from "../../../../src/backends/kit/schema/dialects/openai.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../../src/backends/kit/schema/dialects/openai-servers.ts";
import { schemaRules } from "../../../../src/backends/kit/schema/rules.ts";
import { pass, ruleFor } from "../../../../src/backends/rules.ts";
import { chatRequest } from "../../../helpers/chat.ts";
import { closed } from "./lower.ts";

const LOSSY = closed({ a: { type: "string", minLength: 1 } });
const WHOLE = closed({ a: { type: "string" } });
const IMPOSSIBLE = closed({ a: {} });

const { parameters, output } = schemaRules(OPENAI);
const ofTool = (schema: JsonObject, strict?: boolean): string => {
	const tool: cchat.Tool = { name: "f", parameters: schema, ...(strict === undefined ? {} : { strict }) };
	return ruleFor(parameters, schema, chatRequest({ tools: [tool] })).treatment;
};
const ofOutput = (schema: JsonObject, strict: boolean): string => {
	const response_format: cchat.ResponseFormat = { type: "json_schema", json_schema: { name: "r", schema, strict } };
	return ruleFor(output, schema, chatRequest({ response_format })).treatment;
};

test("a schema that loses something is emulated, and another one passes", () => {
	assert.equal([ofTool(LOSSY), ofTool(LOSSY, false), ofTool(LOSSY, true), ofTool(WHOLE, true)], ["pass", "pass", "emulate", "pass"]);
	assert.equal([ofOutput(LOSSY, false), ofOutput(LOSSY, true), ofOutput(WHOLE, true)], ["pass", "emulate", "pass"]);
});

test("a schema that cannot be expressed is left to the backend, which names the path", () => {
	assert.is(ofTool(IMPOSSIBLE, true), "pass");
});

test("instances with the same dialects share their rules, so that a request's schemas are lowered once for all", () => {
	assert.is(schemaRules(OPENAI).parameters, parameters);
	assert.is(schemaRules(OPENAI).output, output);
});

test("a schema that only excludes more values passes, also beside 50 others", () => {
	const open = (properties: JsonObject): JsonObject => ({ type: "object", properties, required: Object.keys(properties) });
	const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}`, open({ a: { type: "string" } })]));
	assert.is(ofTool(open(many), true), "pass");
	assert.is(ofTool(open({ ...many, last: { type: "string", minLength: 1 } }), true), "emulate", "a loss after many others");
});

test("a vendor whose models differ has the rule of the model of the request", () => {
	const rules = schemaRules(OPENAI, ({ model }) => (model === "small" ? { ...OPENAI, tools: OPENAI.strictTools } : OPENAI));
	const of = (model: string): string =>
		ruleFor(rules.parameters, LOSSY, chatRequest({ model, tools: [{ name: "f", parameters: LOSSY }] })).treatment;
	assert.equal([of("small"), of("large")], ["emulate", "pass"]);
});

test("schemas of servers of unknown dialect pass", () => {
	assert.equal(schemaRules(OPENAI_SERVER_DIALECTS["as-is"]), { parameters: pass, output: pass });
});

test.run();
