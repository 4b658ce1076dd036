import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { NOVA_TOOLS } from "../../../../src/backends/kit/schema/dialects/bedrock-converse.ts";
import { COHERE_STRICT } from "../../../../src/backends/kit/schema/dialects/cohere.ts";
import { GEMINI_OUTPUT } from "../../../../src/backends/kit/schema/dialects/gemini.ts";
import { LLAMA_CPP_GRAMMAR } from "../../../../src/backends/kit/schema/dialects/llama-cpp.ts";
import { MISTRAL_STRICT } from "../../../../src/backends/kit/schema/dialects/mistral.ts";
import { OLLAMA_FORMAT, OLLAMA_TOOLS } from "../../../../src/backends/kit/schema/dialects/ollama.ts";
import { isAnchoredAndPlain } from "../../../../src/backends/kit/schema/patterns.ts";
import { closed, losses, lower, refusal } from "./lower.ts";

const TREE: JsonObject = { type: "object", properties: { value: { type: "null" }, next: { $ref: "#/$defs/tree" } }, required: ["value"] };

test("Gemini's values of null and booleans become their types, although the schema has more types", () => {
	const cases: readonly (readonly [JsonObject, JsonObject])[] = [
		[{ type: ["string", "null"], enum: [null] }, { type: "null" }],
		[{ allOf: [{ anyOf: [{ type: ["string", "null"] }] }, { enum: [null] }] }, { anyOf: [{ type: "null" }] }],
		[{ type: ["string", "boolean"], enum: [true, false] }, { type: "boolean" }],
	];
	for (const [schema, sent] of cases) assert.equal(lower(schema, GEMINI_OUTPUT), { schema: sent, downgrades: [] });
});

test("Gemini gets values of enum by kind, inclusive bounds, and recursion in optional properties only", () => {
	const schema: JsonObject = {
		type: "object",
		properties: {
			a: { const: "x" },
			b: { enum: ["x", null] },
			c: { enum: [true, false] },
			d: { const: null },
			e: { type: "integer", exclusiveMinimum: 0, maximum: 9.5 },
			f: { $ref: "#/definitions/tree", description: "A tree." },
			g: { enum: [true] },
		},
		definitions: { tree: { ...TREE, properties: { value: { type: "null" }, next: { $ref: "#/definitions/tree" } } } },
	};
	const lowered = lower(schema, GEMINI_OUTPUT);
	assert.equal(lowered.schema, {
		type: "object",
		properties: {
			a: { enum: ["x"] },
			b: { anyOf: [{ type: "null" }, { enum: ["x"] }] },
			c: { type: "boolean" },
			d: { type: "null" },
			e: { type: "integer", minimum: 1, maximum: 9 },
			f: { description: "A tree.", anyOf: [{ $ref: "#/$defs/tree" }] },
			g: { type: "boolean", description: "JSON Schema: enum: [true]" },
		},
		$defs: { tree: TREE },
	});
	assert.equal(losses(lowered), ["s.properties.g: wider: enum moved into the description"]);
	const required = { ...TREE, required: ["value", "next"] };
	assert.is(
		refusal({ ...TREE, $defs: { tree: required } }, GEMINI_OUTPUT),
		'missing_capabilities: s: this backend accepts schemas that contain themselves only in properties that are not required, unlike the definition "tree"',
	);
});

test("Ollama's converter gets no keyword that it ignores or that breaks the grammar", () => {
	const lowered = lower(
		closed(
			{
				a: { type: "string", pattern: "^[a-z]+$" },
				b: { type: "string", pattern: "^\\d+$" },
				c: { type: "number", minimum: 0 },
				d: { type: "integer", minimum: 0 },
				e: true,
				f: { type: "object" },
				g: { description: "Any.", $ref: "#/$defs/t" },
			},
			{ $defs: { t: { type: "string" } } },
		),
		OLLAMA_FORMAT,
	);
	assert.equal(
		lowered.schema,
		closed(
			{
				a: { type: "string", pattern: "^[a-z]+$" },
				b: { type: "string", description: 'JSON Schema: pattern: "^\\\\d+$"' },
				c: { type: "number", description: "JSON Schema: minimum: 0" },
				d: { type: "integer", minimum: 0 },
				e: { type: ["object", "array", "string", "number", "boolean", "null"] },
				f: { type: "object" },
				g: { $ref: "#/$defs/t", description: "Any." },
			},
			{ $defs: { t: { type: "string" } } },
		),
	);
});

test("patterns for llama.cpp are anchored and have no class names, lazy quantifiers or assertions", () => {
	for (const pattern of ["^a$", "^[a-z0-9_-]{1,64}$", "^(a|b)*$", "^a\\.b$", "^[^a]$", "^\\$a$"])
		assert.ok(isAnchoredAndPlain(pattern), pattern);
	for (const pattern of ["a", "^a", "a$", "^\\d$", "^a\\$", "^(?=a)b$", "^a+?$", "^(a)\\1$", "^a$|^b$", "^\\bx$", "^(?:a)$", "^a{2}?$"])
		assert.not.ok(isAnchoredAndPlain(pattern), pattern);
});

test("Ollama's tools have their references replaced", () => {
	const schema: JsonObject = {
		type: "object",
		properties: { a: { $ref: "#/$defs/t", description: "One." } },
		$defs: { t: { const: "x" } },
	};
	assert.equal(lower(schema, OLLAMA_TOOLS).schema, { type: "object", properties: { a: { enum: ["x"], description: "One." } } });
	assert.match(refusal({ ...TREE, $defs: { tree: TREE } }, OLLAMA_TOOLS), /accepts no schema that contains itself/);
});

test("node-llama-cpp gets alternatives as oneOf, types for all, and each property required", () => {
	const lowered = lower(
		{
			type: "object",
			properties: { a: { anyOf: [{ type: "string" }, { $ref: "#/$defs/t" }] }, b: { type: ["object", "null"] }, c: { enum: ["x"] } },
			$defs: { t: { type: "integer" } },
		},
		LLAMA_CPP_GRAMMAR,
	);
	assert.equal(lowered.schema, {
		type: "object",
		properties: {
			a: { oneOf: [{ type: "string" }, { $ref: "#/$defs/t" }] },
			b: { oneOf: [{ type: "object", additionalProperties: true }, { type: "null" }] },
			c: { type: "string", enum: ["x"] },
		},
		required: ["a", "b", "c"],
		$defs: { t: { type: "integer" } },
	});
	const root = lower({ $ref: "#/$defs/t", $defs: { t: closed({ a: { $ref: "#/$defs/t" } }) } }, LLAMA_CPP_GRAMMAR).schema;
	assert.equal(root, closed({ a: { $ref: "#/$defs/t" } }, { $defs: { t: closed({ a: { $ref: "#/$defs/t" } }) } }));
});

test("node-llama-cpp gets a form for open values, and no bound that its grammars refuse", () => {
	const { schema, downgrades } = lower(
		closed({ any: {}, long: { type: "string", maxLength: 1000 }, few: { type: "array", items: { type: "null" }, maxItems: 900 } }),
		LLAMA_CPP_GRAMMAR,
	);
	assert.equal(
		schema,
		closed({
			any: {
				oneOf: [{ type: ["string", "number", "boolean", "null"] }, { type: "object", additionalProperties: true }, { type: "array" }],
			},
			long: { type: "string", description: "JSON Schema: maxLength: 1000" },
			few: { type: "array", items: { type: "null" }, maxItems: 900 },
		}),
	);
	assert.is(downgrades.length, 1);
});

test("Nova gets three keywords outermost", () => {
	const schema = closed({ a: { type: "string", title: "A" } }, { title: "T", $schema: "https://json-schema.org/draft/2020-12/schema" });
	const lowered = lower(schema, NOVA_TOOLS);
	assert.equal(lowered.schema, { type: "object", properties: { a: { type: "string", title: "A" } }, required: ["a"] });
	assert.equal(losses(lowered), ["s: wider: additionalProperties dropped"]);
});

test("Cohere gets a required property in each object, and types as alternatives", () => {
	const lowered = lower({ type: "object", properties: { a: { type: ["string", "null"] }, b: { type: "array" } } }, COHERE_STRICT);
	assert.equal(lowered.schema, {
		type: "object",
		properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] }, b: { type: "array" } },
		required: ["a", "b"],
	});
	assert.equal(losses(lowered), ["s: narrower: 2 optional properties are required"]);
});

test("Mistral gets closed objects, and all else unchanged", () => {
	const schema: JsonObject = {
		type: "object",
		properties: { a: { oneOf: [{ type: "string", minLength: 1 }, { $ref: "#/$defs/t" }] } },
		$defs: { t: {} },
	};
	assert.equal(lower(schema, MISTRAL_STRICT).schema, { ...schema, additionalProperties: false });
});

test.run();
