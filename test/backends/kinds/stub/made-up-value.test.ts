import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { madeUpValue } from "../../../../src/backends/kinds/stub/made-up-value.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

test("a made-up value has the required members, the first alternatives and the bounds of its schema", () => {
	const cases: [JsonObject, unknown][] = [
		[{}, "stub"],
		[{ type: "object" }, {}],
		[
			{ type: "object", properties: { part: { type: "string" }, enough: { type: "boolean" }, note: {} }, required: ["part", "enough"] },
			{ part: "stub", enough: false },
		],
		[
			{ properties: { n: { type: "null" } }, required: ["n", "other"] },
			{ n: null, other: "stub" },
		],
		[{ enum: ["red", "blue"] }, "red"],
		[{ const: { a: 1 } }, { a: 1 }],
		[{ anyOf: [{ type: "integer", minimum: 3 }, { type: "string" }] }, 3],
		[{ oneOf: [{ type: "integer", maximum: -3 }] }, -3],
		[{ allOf: [{ type: "boolean" }] }, false],
		[{ type: ["integer", "null"], minimum: 0.5 }, 1],
		[{ type: "number", exclusiveMinimum: 2 }, 2.5],
		[{ type: "number", minimum: 0.25, maximum: 1 }, 0.25],
		[{ type: "integer", minimum: 7, multipleOf: 5 }, 10],
		[{ type: "string", minLength: 6 }, "stubst"],
		[{ type: "string", maxLength: 2 }, "st"],
		[{ type: "array", items: { type: "integer" }, minItems: 2 }, [0, 0]],
		[{ $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "boolean" } } }, false],
		[{ type: "object", required: ["__proto__"], properties: {} }, JSON.parse('{"__proto__":"stub"}')],
	];
	for (const [schema, value] of cases) assert.equal(JSON.stringify(madeUpValue(schema)), JSON.stringify(value), JSON.stringify(schema));
});

test("a schema without end, or for too large a value, is refused", () => {
	const self = { type: "object", properties: { next: { $ref: "#" } }, required: ["next"] };
	const wide = { type: "array", minItems: 2, items: { $ref: "#" } };
	const many = { type: "array", minItems: 1e15, items: {} };
	for (const schema of [self, wide, many, { type: "string", minLength: 1e12 }, { $ref: "#" }] satisfies JsonObject[]) {
		assert.throws(
			() => madeUpValue(schema),
			(error: unknown) => error instanceof SpearError && error.code === "invalid_request" && /the stub makes at most/.test(error.message),
		);
	}
});

test("any JSON object as a schema gives a value or a SpearError", () => {
	const keyword = fc.constantFrom("type", "properties", "required", "items", "anyOf", "enum", "minItems", "minimum", "$ref", "minLength");
	const word = fc.constantFrom("object", "array", "string", "integer", "#", "#/properties", "__proto__");
	const { tree } = fc.letrec((tie) => ({
		tree: fc.dictionary(keyword, fc.oneof({ maxDepth: 4 }, word, fc.integer(), fc.array(word), fc.array(tie("tree")), tie("tree"))),
	}));
	fc.assert(
		fc.property(tree, (schema) => {
			try {
				assert.not.equal(JSON.stringify(madeUpValue(schema as JsonObject)), undefined);
			} catch (error) {
				if (!(error instanceof SpearError)) throw error;
			}
		}),
	);
});

test.run();
