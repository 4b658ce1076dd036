import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonObject } from "../../generated/ir/json.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { withOwnSchemas } from "../../src/normalize/schemas.ts";
import { chatRequest } from "../helpers/chat.ts";

/** Returns an object schema of exactly so many values. */
function schemaOf(values: number, text = ""): JsonObject {
	return { type: "object", enum: Array.from({ length: values - 3 }, () => text) };
}

const tool = (name: string, parameters: JsonObject): cchat.Tool => ({ name, parameters });
const format = (schema: JsonObject): cchat.ResponseFormat => ({ type: "json_schema", json_schema: { name: "r", schema } });

function refusal(request: Partial<cchat.Request>): string {
	try {
		withOwnSchemas(chatRequest(request));
	} catch (thrown) {
		const { code, message } = SpearError.from(thrown);
		return `${code}: ${message}`;
	}
	return "accepted";
}

test("the schemas of a request hold a bounded number of values together", () => {
	const tools = [tool("a", schemaOf(12_000)), tool("b", schemaOf(8_000))];
	assert.is(refusal({ tools }), "accepted");
	const words = "the JSON Schemas of a request hold at most 20000 values together; use fewer tools or shorter schemas";
	assert.is(
		refusal({ tools: [tool("a", schemaOf(12_000)), tool("b", schemaOf(8_001))] }),
		`invalid_request: tools[1].parameters (tool "b"): ${words}`,
	);
	assert.is(refusal({ tools, response_format: format({}) }), `invalid_request: response_format.json_schema.schema: ${words}`);
});

test("the schemas of a request hold a bounded number of characters together", () => {
	// The names and values of `type` and `enum` have 14 characters.
	assert.is(refusal({ response_format: format(schemaOf(4, "x".repeat(500_000 - 14))) }), "accepted");
	assert.is(
		refusal({ tools: [tool("find", schemaOf(4, "x".repeat(500_000 - 13)))] }),
		'invalid_request: tools[0].parameters (tool "find"): the JSON Schemas of a request hold at most 500000 characters together; use fewer tools or shorter schemas',
	);
});

test("a schema that is nested deeper than any stack is counted", () => {
	let deep: JsonObject = {};
	for (let level = 0; level < 30_000; level++) deep = { not: deep };
	assert.match(refusal({ tools: [tool("a", deep)] }), /at most 20000 values/);
});

test("each request has schemas of its own, so that a schema may change between two requests", () => {
	const parameters = schemaOf(4);
	const request = chatRequest({ tools: [tool("a", parameters), tool("b", parameters)], response_format: format(parameters) });
	const own = withOwnSchemas(request);
	assert.equal(own, request);
	assert.is(own.response_format?.type, "json_schema");
	const schemas = new Set([parameters, ...own.tools.map((each) => each.parameters)]);
	if (own.response_format?.type === "json_schema") schemas.add(own.response_format.json_schema.schema);
	assert.is(schemas.size, 4);
});

test.run();
