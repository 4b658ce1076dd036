import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";

/** Few names and values, so that random values match random schemas often. */
const NAMES = ["a", "b", "constructor", "__proto__"] as const;
const SCALARS: readonly JsonValue[] = ["", "a", "ab", "2026-01-01", 0, 1, 2, 1.5, true, false, null];

const name = fc.constantFrom(...NAMES);
const scalar = fc.constantFrom(...SCALARS);

/** Values of up to two levels. */
export const values: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", maxDepth: 3 },
		scalar,
		fc.array(tie("value"), { maxLength: 3 }),
		fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
	),
})).value;

/** Definitions that the schemas refer to. The last one contains itself. */
const DEFINITIONS = ["text", "pair", "tree"] as const;

const small = fc.nat({ max: 2 });
const annotations = fc.record(
	{ description: fc.constant("It is."), title: fc.constant("T"), default: scalar, "x-own": fc.constant(1) },
	{ requiredKeys: [] },
);

function objectOf(schema: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
	return fc.record(
		{
			type: fc.constant("object"),
			properties: fc.array(fc.tuple(name, schema), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
			required: fc.uniqueArray(name, { maxLength: 2 }),
			additionalProperties: fc.oneof(fc.boolean(), schema),
			maxProperties: small,
		},
		{ requiredKeys: ["type"] },
	) as fc.Arbitrary<JsonObject>;
}

function arrayOf(schema: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
	return fc.record(
		{
			type: fc.constant("array"),
			items: schema,
			prefixItems: fc.array(schema, { minLength: 1, maxLength: 2 }),
			minItems: small,
			maxItems: small,
			uniqueItems: fc.boolean(),
		},
		{ requiredKeys: ["type"] },
	) as fc.Arbitrary<JsonObject>;
}

const leaves: fc.Arbitrary<JsonObject> = fc.oneof(
	fc.record(
		{ type: fc.constantFrom("string", "boolean", "null"), minLength: small, maxLength: small, format: fc.constantFrom("date", "uri") },
		{ requiredKeys: ["type"] },
	) as fc.Arbitrary<JsonObject>,
	fc.record(
		{ type: fc.constantFrom("integer", "number"), minimum: fc.constantFrom(0, 0.5, 1), exclusiveMaximum: fc.constantFrom(1, 1.5, 2) },
		{ requiredKeys: ["type"] },
	) as fc.Arbitrary<JsonObject>,
	fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }).map((list): JsonObject => ({ enum: list })),
	scalar.map((value): JsonObject => ({ const: value })),
	fc
		.uniqueArray(fc.constantFrom("string", "integer", "null", "object"), { minLength: 1, maxLength: 3 })
		.map((type): JsonObject => ({ type })),
	fc.constantFrom(...DEFINITIONS).map((definition): JsonObject => ({ $ref: `#/$defs/${definition}` })),
);

const nodes = fc.letrec<{ schema: JsonObject }>((tie) => {
	const list = fc.array(tie("schema"), { minLength: 1, maxLength: 2 });
	return {
		schema: fc
			.tuple(
				fc.oneof(
					{ depthSize: "small", maxDepth: 3 },
					leaves,
					objectOf(tie("schema")),
					arrayOf(tie("schema")),
					list.map((anyOf): JsonObject => ({ anyOf })),
					list.map((oneOf): JsonObject => ({ oneOf })),
					list.map((allOf): JsonObject => ({ allOf })),
					fc.tuple(objectOf(tie("schema")), list).map(([object, anyOf]): JsonObject => ({ ...object, anyOf })),
				),
				annotations,
			)
			.map(([schema, more]): JsonObject => ({ ...schema, ...(more as JsonObject) })),
	};
}).schema;

/** Schemas with definitions. */
export const schemas: fc.Arbitrary<JsonObject> = fc.tuple(nodes, nodes).map(([schema, pair]) => ({
	...schema,
	$defs: {
		text: { type: "string", minLength: 1 },
		// A definition that refers to itself alone has no meaning.
		pair: { type: "object", properties: { a: pair }, required: ["a"], additionalProperties: false },
		tree: { type: "object", properties: { a: { $ref: "#/$defs/tree" }, b: { type: "null" } }, required: ["b"] },
	},
}));
