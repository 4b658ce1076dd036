import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { SchemaDialect } from "../../../../src/backends/kit/schema/dialect.ts";
import { ANTHROPIC_OUTPUT, ANTHROPIC_STRICT_TOOLS, ANTHROPIC_TOOLS } from "../../../../src/backends/kit/schema/dialects/anthropic.ts";
import { NOVA_TOOLS } from "../../../../src/backends/kit/schema/dialects/bedrock-converse.ts";
import { COHERE_STRICT } from "../../../../src/backends/kit/schema/dialects/cohere.ts";
import { GEMINI_OUTPUT, GEMINI_TOOLS } from "../../../../src/backends/kit/schema/dialects/gemini.ts";
import { LLAMA_CPP_GRAMMAR } from "../../../../src/backends/kit/schema/dialects/llama-cpp.ts";
import { MISTRAL_STRICT } from "../../../../src/backends/kit/schema/dialects/mistral.ts";
import { OLLAMA_FORMAT, OLLAMA_TOOLS } from "../../../../src/backends/kit/schema/dialects/ollama.ts";
import { OPENAI_STRICT, OPENAI_TOOLS } from "../../../../src/backends/kit/schema/dialects/openai.ts";
import { isSchemaObject } from "../../../../src/backends/kit/schema/keywords.ts";
import { type LoweredSchema, lowerSchema } from "../../../../src/backends/kit/schema/lower-schema.ts";
import { equalText } from "../../../../src/backends/kit/schema/values.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { schemas, values } from "./arbitraries.ts";
import { lower } from "./lower.ts";

const DIALECTS: Readonly<Record<string, SchemaDialect>> = {
	ANTHROPIC_OUTPUT,
	ANTHROPIC_STRICT_TOOLS,
	ANTHROPIC_TOOLS,
	COHERE_STRICT,
	GEMINI_OUTPUT,
	GEMINI_TOOLS,
	LLAMA_CPP_GRAMMAR,
	MISTRAL_STRICT,
	NOVA_TOOLS,
	OLLAMA_FORMAT,
	OLLAMA_TOOLS,
	OPENAI_STRICT,
	OPENAI_TOOLS,
};

const ajv = new Ajv2020({ strict: false, ownProperties: true });
addFormats.default(ajv);

function lowered(schema: JsonObject, dialect: SchemaDialect): LoweredSchema | undefined {
	try {
		return lowerSchema(schema, dialect, "s");
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		return undefined;
	}
}

/** Returns a lowered schema with the meaning that the upstream gives it. */
function asRead(schema: JsonObject, dialect: SchemaDialect): JsonObject {
	return dialect.unions.keyword === "oneOf" ? JSON.parse(JSON.stringify(schema).replaceAll('"oneOf":', '"anyOf":')) : schema;
}

/** Returns a schema, and its values, as the property of a closed object: dialects differ in what they accept outermost. */
function nested({ $defs = {}, ...schema }: JsonObject, candidates: readonly JsonValue[]): [JsonObject, JsonValue[]] {
	const object = { type: "object", properties: { v: schema }, required: ["v"], additionalProperties: false, $defs };
	return [object, candidates.map((v) => ({ v }))];
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
	test(`${name}: a lowered schema accepts what the original accepts, but for the losses it declares`, () => {
		let compared = 0;
		const candidates = fc.array(values, { minLength: 20, maxLength: 20 });
		const cases = fc
			.tuple(schemas, candidates, fc.boolean())
			.map(([schema, list, isNested]) => (isNested ? nested(schema, list) : ([schema, list] as const)));
		fc.assert(
			fc.property(cases, ([schema, list]) => {
				const result = lowered(schema, dialect);
				if (result === undefined) return;
				const original = ajv.compile(schema);
				const sent = ajv.compile(asRead(result.schema, dialect));
				const effects = new Set(result.downgrades.map(({ effect }) => effect));
				for (const value of list) {
					// Tools have arguments by name. No loss is declared for values that are none.
					if (dialect.root.object && !isSchemaObject(value)) continue;
					const [before, after] = [original(value), sent(value)];
					if (before && !effects.has("narrower")) assert.ok(after, `lost ${JSON.stringify(value)}: ${JSON.stringify(result)}`);
					if (after && !effects.has("wider")) assert.ok(before, `added ${JSON.stringify(value)}: ${JSON.stringify(result)}`);
					compared++;
				}
			}),
			{ numRuns: 60 },
		);
		assert.ok(compared > 0, "no schema was lowered");
	});
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
	test(`${name}: a lowered schema is in the dialect, so that it needs nothing more`, () => {
		fc.assert(
			fc.property(schemas, (schema) => {
				const [object] = nested(schema, []);
				const result = lowered(object, dialect);
				if (result === undefined) return;
				const again = lower(asRead(result.schema, dialect), dialect);
				assert.is(equalText(again.schema), equalText(result.schema));
				assert.is(again.downgrades.filter(({ effect }) => effect === "wider").length, 0, JSON.stringify(result.schema));
			}),
			{ numRuns: 60 },
		);
	});
}

test.run();
