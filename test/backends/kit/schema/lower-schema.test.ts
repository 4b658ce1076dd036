import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { emptyTally } from "../../../../src/backends/kit/schema/bounds.ts";
import type { SchemaDialect } from "../../../../src/backends/kit/schema/dialect.ts";
import { ANTHROPIC_OUTPUT, ANTHROPIC_TOOLS } from "../../../../src/backends/kit/schema/dialects/anthropic.ts";
import { OPENAI_STRICT, OPENAI_TOOLS } from "../../../../src/backends/kit/schema/dialects/openai.ts";
import { lowerSchema } from "../../../../src/backends/kit/schema/lower-schema.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { closed, losses, lower, refusal } from "./lower.ts";

test("a schema that needs nothing is returned as the same object", () => {
	const plain = closed({ city: { type: "string", description: "The city." }, unit: { enum: ["C", "F"], type: "string" } });
	const recursive = closed({ tree: { $ref: "#/$defs/tree" } }, { $defs: { tree: closed({ next: { $ref: "#/$defs/tree" } }) } });
	for (const schema of [plain, recursive]) {
		const lowered = lower(schema, OPENAI_STRICT);
		assert.is(lowered.schema, schema);
		assert.equal(lowered.downgrades, []);
	}
	const anything: JsonObject = { type: "object", not: { required: ["a"] }, $defs: { a: { $ref: "https://example.com" } } };
	assert.is(lower(anything, ANTHROPIC_TOOLS).schema, anything);
	assert.is(lowerSchema(anything, "as-is", "s").schema, anything);
});

test("the same object is lowered once for each dialect, and its messages have the path of each place", () => {
	let reads = 0;
	const counted = (schema: JsonObject): JsonObject =>
		new Proxy(schema, {
			ownKeys(target) {
				reads++;
				return Reflect.ownKeys(target);
			},
		});
	const text = closed({ a: counted({ type: "string", minLength: 1 }) });
	const first = lowerSchema(text, OPENAI_STRICT, "s");
	const once = reads;
	assert.ok(once > 0);
	const second = lowerSchema(text, OPENAI_STRICT, "tools[1].parameters");
	assert.is(reads, once, "a second place reads nothing again");
	assert.is(second.schema, first.schema);
	assert.equal(second.downgrades, [
		{ path: "tools[1].parameters.properties.a", effect: "wider", detail: "minLength moved into the description" },
	]);
	lowerSchema(text, ANTHROPIC_OUTPUT, "s");
	assert.ok(reads > once, "another dialect is another result");

	const impossible = closed({ a: counted({ allOf: [{ pattern: "a" }, { pattern: "b" }] }) });
	assert.match(refusal(impossible, OPENAI_STRICT), /^missing_capabilities: s.properties.a: /);
	const refused = reads;
	assert.throws(
		() => lowerSchema(impossible, OPENAI_STRICT, "tools[1].parameters", { suffix: ' (tool "f")' }),
		/^tools\[1\]\.parameters\.properties\.a \(tool "f"\): this backend's strict mode has no allOf/,
	);
	assert.is(reads, refused, "a refusal is kept too");
});

test("a schema that is lowered already still counts for the bounds of its request", () => {
	const schema: JsonObject = {
		type: "object",
		properties: Object.fromEntries(values(20).map((key) => [key, { type: "null" }])),
		additionalProperties: false,
	};
	const tally = emptyTally();
	lowerSchema(schema, ANTHROPIC_OUTPUT, "one", { tally });
	assert.throws(() => lowerSchema(schema, ANTHROPIC_OUTPUT, "two", { tally }), /^two: .* at most 24 optional properties .*, not 40;/);
});

test("strict mode closes objects and requires each property", () => {
	const lowered = lower(
		{ type: "object", properties: { a: { type: "string" }, b: { type: "object", properties: { c: { type: "null" } } } }, required: ["a"] },
		OPENAI_STRICT,
	);
	assert.equal(lowered.schema, closed({ a: { type: "string" }, b: closed({ c: { type: "null" } }) }));
	assert.equal(losses(lowered), [
		"s: narrower: properties that the schema does not name are excluded",
		"s: narrower: 1 optional properties are required",
		"s.properties.b: narrower: properties that the schema does not name are excluded",
		"s.properties.b: narrower: 1 optional properties are required",
	]);
});

test("a keyword that the dialect lacks moves into the description, unless it restricts nothing", () => {
	const text = { type: "string", minLength: 2, minItems: 3, description: "A name.", default: "x", $comment: "internal" };
	const lowered = lower(closed({ a: text, b: { type: "array", items: { type: "null" }, uniqueItems: false } }), OPENAI_STRICT);
	assert.equal(lowered.schema, {
		...closed({
			a: { type: "string", description: 'A name.\n\nJSON Schema: minLength: 2, default: "x"' },
			b: { type: "array", items: { type: "null" } },
		}),
	});
	assert.equal(losses(lowered), ["s.properties.a: wider: minLength moved into the description"]);
});

test("a long keyword is dropped instead of described", () => {
	const lowered = lower(closed({ a: { type: "string", not: { enum: ["x".repeat(500)] } } }), OPENAI_STRICT);
	assert.equal(lowered.schema, closed({ a: { type: "string" } }));
	assert.equal(losses(lowered), ["s.properties.a: wider: not moved into the description"]);
});

test("formats and patterns are sent if the dialect has them", () => {
	const strings: JsonObject = {
		a: { type: "string", format: "date" },
		b: { type: "string", format: "uri" },
		c: { type: "string", pattern: "^a+$" },
		d: { type: "string", pattern: "^(?=a)" },
	};
	assert.equal(
		lower(closed(strings), OPENAI_STRICT).schema,
		closed({
			...strings,
			b: { type: "string", description: 'JSON Schema: format: "uri"' },
			d: { type: "string", description: 'JSON Schema: pattern: "^(?=a)"' },
		}),
	);
	assert.equal(lower(closed({ a: { type: "string", pattern: "\\bx" } }), ANTHROPIC_OUTPUT).downgrades.length, 1);
});

test("allOf is merged, with references in it", () => {
	const schema = closed(
		{ a: { description: "An id.", allOf: [{ $ref: "#/$defs/id" }, { maximum: 9 }, true] } },
		{ $defs: { id: { type: "integer", minimum: 1, maximum: 20, description: "Any id." } } },
	);
	assert.equal(
		lower(schema, OPENAI_STRICT).schema,
		closed({ a: { description: "An id.\n\nAny id.", type: "integer", minimum: 1, maximum: 9 } }),
	);
});

test("merged objects have the properties of both, and those that one excludes are gone", () => {
	const schema = closed({
		a: {
			allOf: [
				{ type: "object", properties: { x: { type: "string" }, y: { type: "null" } }, required: ["x"], additionalProperties: false },
				{ properties: { x: { enum: ["p", "q"] }, z: { type: "null" } }, required: ["y"] },
			],
		},
	});
	const merged = closed({ x: { type: "string", enum: ["p", "q"] }, y: { type: "null" } });
	assert.equal(lower(schema, OPENAI_STRICT), { schema: closed({ a: merged }), downgrades: [] });
});

test("all schemas of an allOf are merged at once, each keyword by its meaning", () => {
	const merged = (...allOf: JsonObject[]) => lower(closed({ a: { allOf } }), { ...OPENAI_STRICT, otherKeywords: "keep" }).schema;
	const text: JsonObject = { type: "string" };
	assert.equal(
		merged(
			{ ...text, enum: ["a", "b", "c", "d"], description: "One.", title: "T" },
			{ type: ["null", "string"], enum: ["d", "b", "a"], description: "Two.", title: "U" },
			{ ...text, enum: ["b", "d", "e"], description: "One." },
		),
		closed({ a: { type: "string", enum: ["b", "d"], description: "One.\n\nTwo.", title: "T" } }),
	);
	assert.equal(
		merged(
			{ type: "number", minimum: 1, multipleOf: 2, exclusiveMaximum: 9 },
			{ type: "integer", minimum: 3, multipleOf: 6 },
			{ minimum: 2, exclusiveMaximum: 7 },
		),
		closed({ a: { type: "integer", minimum: 3, multipleOf: 6, exclusiveMaximum: 7 } }),
	);
	assert.equal(
		merged(
			{ type: "array", items: { type: "object", properties: { x: text }, required: ["x"], additionalProperties: false } },
			{ items: true, uniqueItems: false },
			{ items: { properties: { x: { maxLength: 3 } } }, uniqueItems: true },
			{ items: { properties: { x: { minLength: 1 } } } },
		),
		closed({
			a: { type: "array", items: closed({ x: { type: "string", maxLength: 3, minLength: 1 } }), uniqueItems: true },
		}),
	);
});

test("a property of one merged object has the restrictions of all others that do not name it", () => {
	const parts: JsonObject[] = [
		{ type: "object", properties: { x: { type: "integer" }, y: { type: "null" } }, additionalProperties: { minimum: 1 } },
		{ properties: { x: { maximum: 9 } }, additionalProperties: { minimum: 1 } },
		{ properties: { z: { type: "integer" } }, additionalProperties: { multipleOf: 2 } },
	];
	const { a } = lower(closed({ a: { allOf: parts } }), { ...OPENAI_STRICT, objects: "open", required: "any" }).schema
		.properties as JsonObject;
	assert.equal(a, {
		type: "object",
		additionalProperties: { type: "number", minimum: 1, multipleOf: 2 },
		properties: {
			x: { type: "integer", maximum: 9, multipleOf: 2 },
			y: { type: "null" },
			z: { type: "integer", minimum: 1 },
		},
	});
});

test("unevaluatedProperties beside allOf closes the merged object", () => {
	const base = { type: "object", properties: { x: { type: "null" } }, required: ["x"] };
	const schema = closed({ a: { allOf: [base], properties: { y: { type: "null" } }, required: ["y"], unevaluatedProperties: false } });
	assert.equal(lower(schema, OPENAI_STRICT).downgrades, []);
});

test("alternatives each get a copy of the keywords beside them", () => {
	const schema = closed({
		a: {
			type: "object",
			properties: { x: { type: "null" }, y: { type: "null" } },
			additionalProperties: false,
			anyOf: [{ required: ["x", "y"] }, { properties: { x: false }, required: ["y"] }],
			description: "Some.",
		},
	});
	assert.equal(
		lower(schema, ANTHROPIC_OUTPUT).schema,
		closed({
			a: {
				description: "Some.",
				anyOf: [
					{ type: "object", properties: { x: { type: "null" }, y: { type: "null" } }, additionalProperties: false, required: ["x", "y"] },
					{ type: "object", properties: { y: { type: "null" } }, additionalProperties: false, required: ["y"] },
				],
			},
		}),
	);
});

test("oneOf becomes anyOf, which loses nothing if no value matches two alternatives", () => {
	const tagged = (kind: string) => closed({ kind: { type: "string", const: kind } });
	const disjoint: JsonObject[] = [
		{ oneOf: [{ const: "a", title: "A" }, { const: "b" }] },
		{ oneOf: [{ type: "string" }, { type: "null" }, { type: ["integer", "boolean"] }] },
		{ oneOf: [{ type: "null" }, { enum: ["a", 1] }] },
		{ oneOf: [tagged("a"), tagged("b")] },
		{ oneOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }] },
	];
	for (const schema of disjoint) {
		const { downgrades } = lower(closed({ a: schema }, { $defs: { a: tagged("a"), b: tagged("b") } }), OPENAI_STRICT);
		assert.equal(downgrades, [], JSON.stringify(schema));
	}
	for (const oneOf of [
		[{ type: "integer" }, { type: "number" }],
		[{ enum: ["a"] }, { type: "string" }],
		[tagged("a"), tagged("a")],
	])
		assert.equal(losses(lower(closed({ a: { oneOf } }), OPENAI_STRICT)), [
			"s.properties.a: wider: oneOf is sent as alternatives of which several may match",
		]);
});

test("earlier drafts and OpenAPI's nullable are read", () => {
	const schema = {
		$schema: "http://json-schema.org/draft-04/schema#",
		...closed(
			{
				a: { type: "integer", minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
				b: { type: "string", nullable: true },
				c: { $ref: "#/definitions/text", maxLength: 3 },
			},
			{ definitions: { text: { type: "string" } } },
		),
	};
	assert.equal(lower(schema, OPENAI_STRICT), {
		schema: closed(
			{ a: { type: "integer", exclusiveMinimum: 0, maximum: 5 }, b: { type: ["string", "null"] }, c: { $ref: "#/$defs/text" } },
			{ $defs: { text: { type: "string" } } },
		),
		downgrades: [],
	});
});

test("a tuple becomes a list of what its places allow", () => {
	const pair = { type: "array", items: [{ type: "number" }, { type: "number" }], additionalItems: false, minItems: 2 };
	assert.equal(lower(closed({ a: pair }), OPENAI_STRICT), {
		schema: closed({ a: { type: "array", minItems: 2, items: { type: "number" }, maxItems: 2 } }),
		downgrades: [],
	});
	const mixed = { type: "array", prefixItems: [{ type: "number" }, { type: "null" }], items: false };
	assert.equal(losses(lower(closed({ a: mixed }), OPENAI_STRICT)), [
		"s.properties.a: wider: the places of a tuple are sent as items in any order",
	]);
	assert.equal(lower({ type: "object", properties: { a: { type: "array", items: [{ type: "null" }] } } }, ANTHROPIC_TOOLS).schema, {
		type: "object",
		properties: { a: { type: "array", prefixItems: [{ type: "null" }] } },
	});
});

test("references keep their form, and their annotations", () => {
	const schema = closed(
		{ a: { $ref: "#/$defs/a~1b", description: "One." }, b: { $ref: "#x" }, c: { $ref: "#" }, d: { $ref: "#/properties/a" } },
		{ $defs: { "a/b": { type: "string" }, y: { $anchor: "x", type: "null" }, unused: { not: {} } } },
	);
	assert.equal(
		lower(schema, OPENAI_STRICT).schema,
		closed(
			{
				a: { description: "One.", anyOf: [{ $ref: "#/$defs/a_1b" }] },
				b: { $ref: "#/$defs/y" },
				c: { $ref: "#" },
				d: { $ref: "#/$defs/a" },
			},
			{
				$defs: {
					a_1b: { type: "string" },
					y: { type: "null" },
					a: { description: "One.", anyOf: [{ $ref: "#/$defs/a_1b" }] },
				},
			},
		),
	);
	const { $defs } = lower(
		closed({ a: { $ref: "#/$defs/t", description: "One." } }, { $defs: { t: { type: "null" } } }),
		ANTHROPIC_OUTPUT,
	).schema;
	assert.is($defs, undefined);
});

test("the outermost alternatives of a tool are joined into one object, and refused in strict mode", () => {
	const tool: JsonObject = {
		type: "object",
		properties: { a: { type: "string" }, b: { type: "string" } },
		oneOf: [{ required: ["a"] }, { required: ["b"] }],
	};
	const lowered = lower(tool, ANTHROPIC_TOOLS);
	assert.equal(lowered.schema, { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } });
	assert.equal(losses(lowered), ["s: wider: the alternatives of oneOf are joined into one object"]);
	const union: JsonObject = {
		anyOf: [
			{ type: "object", properties: { kind: { const: "a" }, x: { type: "null" } }, required: ["kind", "x"] },
			{ type: "object", properties: { kind: { const: "b" } }, required: ["kind"] },
		],
		description: "Kinds.",
	};
	assert.equal(lower(union, OPENAI_TOOLS).schema, {
		description: "Kinds.",
		type: "object",
		properties: { kind: { anyOf: [{ const: "a" }, { const: "b" }] }, x: { type: "null" } },
		required: ["kind"],
	});
	assert.is(
		refusal(tool, OPENAI_STRICT),
		"missing_capabilities: s: this backend's strict mode accepts no oneOf in the outermost schema; put it into a property, or write one object",
	);
});

test("what a dialect cannot express is refused with the path", () => {
	const strict = (schema: JsonObject) => refusal(closed({ a: schema }), OPENAI_STRICT);
	const mode = "missing_capabilities: s.properties.a: this backend's strict mode";
	const free = `${mode} accepts no object whose properties the schema does not name; list them in properties, or ask for a list of pairs`;
	assert.is(strict({ type: "object" }), free);
	assert.is(strict({ type: "object", additionalProperties: { type: "string" } }), free);
	assert.is(strict({ description: "Anything." }), `${mode} accepts no schema of any value; give it a type`);
	assert.is(
		strict({ allOf: [{ pattern: "a" }, { pattern: "b" }] }),
		`${mode} has no allOf, and its schemas differ in pattern; write one schema instead`,
	);
	assert.is(strict({ $dynamicRef: "#x" }), `${mode} has no $dynamicRef; use $ref`);
	assert.is(
		refusal({ type: "array", items: {} }, OPENAI_STRICT),
		'missing_capabilities: s: this backend\'s strict mode accepts only an outermost schema whose type is "object"; wrap it into a property',
	);
	assert.is(
		refusal({ type: "object", properties: { "no spaces": {} } }, ANTHROPIC_TOOLS),
		'missing_capabilities: s.properties["no spaces"]: this backend accepts only property names that match ^[a-zA-Z0-9_.-]{1,64}$; rename it',
	);
});

test("a schema that is wrong in itself is refused with the path", () => {
	const strict = (schema: JsonObject) => refusal(closed({ a: schema }), OPENAI_STRICT);
	const invalid = "invalid_request: s.properties.a";
	assert.is(strict({ type: "text" }), `${invalid}: type must be one of string, number, integer, boolean, null, array, object`);
	assert.is(strict({ anyOf: [] }), `${invalid}: anyOf must be a list of schemas`);
	assert.is(strict({ anyOf: ["x"] }), `${invalid}.anyOf[0]: it is no JSON Schema; write an object`);
	assert.is(strict({ properties: [], type: "object" }), `${invalid}.properties: it must be an object of schemas`);
	assert.is(strict({ type: "string", enum: [1] }), `${invalid}: no value is valid: enum, const and type exclude each other`);
	assert.is(
		strict({ $ref: "https://example.com/s.json" }),
		`${invalid}: $ref leads to another document, which the host does not fetch; copy that schema to $defs`,
	);
	for (const $ref of ["#/$defs/none", "#/constructor", "#none", "#/properties/toString"])
		assert.is(strict({ $ref }), `${invalid}: $ref leads to nothing; check the name, and that no $id stands between`);
	assert.is(
		refusal({ type: "object", properties: {}, required: ["a"] }, OPENAI_STRICT),
		'invalid_request: s.required: it lists "a", which properties lacks; add it there',
	);
});

test("a schema that contains itself is refused where the dialect has no recursion", () => {
	const tree = closed({ a: { $ref: "#/$defs/tree" } }, { $defs: { tree: closed({ next: { $ref: "#/$defs/tree" } }) } });
	assert.is(
		refusal(tree, ANTHROPIC_OUTPUT),
		'missing_capabilities: s: this backend\'s strict mode accepts no schema that contains itself, as the definition "tree" does; bound the depth by separate definitions',
	);
	assert.is(refusal(closed({ a: { $ref: "#" } }), ANTHROPIC_OUTPUT).includes("accepts no schema that contains itself"), true);
});

test("sizes beyond the bounds of a dialect are refused", () => {
	let deep: JsonObject = { type: "null" };
	for (let level = 0; level < 11; level++) deep = closed({ a: deep });
	assert.is(
		refusal(deep, OPENAI_STRICT),
		"missing_capabilities: s: this backend's strict mode accepts at most 10 levels of objects, not 11; use a smaller schema",
	);
	const many = closed({ a: { enum: Array.from({ length: 1001 }, (_, index) => `${index}`) } });
	assert.match(refusal(many, OPENAI_STRICT), /at most 1000 values of enum, not 1001/);
	const optional = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`p${index}`, { type: "null" }]));
	assert.match(
		refusal({ type: "object", properties: optional, additionalProperties: false }, ANTHROPIC_OUTPUT),
		/at most 24 optional properties in all strict schemas of a request, not 25/,
	);
});

test("definitions that multiply are refused before they are copied", () => {
	const $defs: JsonObject = { d0: { type: "null" } };
	for (let level = 1; level <= 40; level++) {
		const $ref = `#/$defs/d${level - 1}`;
		$defs[`d${level}`] = { description: "One.", allOf: [closed({ a: { $ref, description: "x" }, b: { $ref, description: "y" } })] };
	}
	assert.match(
		refusal(closed({ a: { $ref: "#/$defs/d40", description: "x" } }, { $defs }), ANTHROPIC_OUTPUT),
		/longer than 300000 characters/,
	);
});

test("a long chain of references and a deep schema end in an answer or a refusal", () => {
	const chain: JsonObject = {};
	for (let at = 0; at < 20_000; at++) chain[`d${at}`] = { $ref: `#/$defs/d${at + 1}` };
	chain.d20000 = { type: "null" };
	assert.is(Object.keys(lower(closed({ a: { $ref: "#/$defs/d0" } }, { $defs: chain }), OPENAI_STRICT).schema.$defs ?? {}).length, 20_001);
	let deep: JsonObject = { type: "null" };
	for (let level = 0; level < 100_000; level++) deep = { type: "array", items: deep };
	assert.is(refusal(closed({ a: deep }), OPENAI_STRICT).includes("nested deeper than 512 levels; flatten it"), true);
});

test("deep alternatives of a tool end in a refusal", () => {
	let deep: JsonObject = { type: "object" };
	for (let level = 0; level < 20_000; level++) deep = { anyOf: [deep, { type: "object" }] };
	assert.match(refusal(deep, ANTHROPIC_TOOLS), /nested deeper than 512 levels; flatten it|longer than 300000 characters/);
});

test("a list of types that names one twice is refused if it is longer than all types", () => {
	const types = Array.from({ length: 10_000 }, () => "string");
	assert.is(
		refusal(closed({ a: { type: types, enum: types } }), OPENAI_STRICT),
		"invalid_request: s.properties.a: type must list each of string, number, integer, boolean, null, array, object at most once",
	);
});

test("names that each object inherits are names like others", () => {
	const schema: JsonObject = JSON.parse(
		'{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/$defs/__proto__"}},"required":["__proto__"],"$defs":{"__proto__":{"type":"null"}}}',
	);
	assert.is(
		JSON.stringify(lower(schema, OPENAI_STRICT).schema),
		'{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/$defs/__proto__"}},"additionalProperties":false,' +
			'"required":["__proto__","constructor"],"$defs":{"__proto__":{"type":"null"}}}',
	);
});

for (const [name, make] of Object.entries<(size: number) => JsonObject>({
	"many properties": (size) =>
		closed(Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${at}`, { type: "string", minLength: 1 }]))),
	"many schemas to merge": (size) =>
		closed({ a: { type: "object", allOf: Array.from({ length: size }, (_, at) => ({ properties: { [`p${at}`]: { type: "null" } } })) } }),
	"many schemas of one property to merge": (size) =>
		closed({
			a: { type: "object", allOf: Array.from({ length: size }, (_, at) => ({ properties: { p: { type: "string", minLength: at } } })) },
		}),
	"many alternatives": (size) => closed({ a: { oneOf: Array.from({ length: size }, (_, at) => closed({ [`p${at}`]: { const: at } })) } }),
	"many values beside a long constant": (size) => {
		const values = Array.from({ length: size }, (_, at) => at);
		return closed({ a: { enum: [...values, values], const: values } });
	},
	"alternatives that many properties do not tell apart": (size) => {
		const alternative = (value: number) =>
			closed(Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${at}`, { const: value }])));
		return closed({ a: { oneOf: [alternative(1), alternative(2), alternative(1)] } });
	},
	"alternatives that refer to a long list of values at many places": (size) =>
		closed(
			Object.fromEntries(
				Array.from({ length: size }, (_, at) => [`p${at}`, { oneOf: [{ $ref: "#/$defs/long" }, { $ref: "#/$defs/short" }] }]),
			),
			{
				$defs: {
					long: { type: "string", enum: Array.from({ length: size }, (_, at) => `v${at}`) },
					short: { type: "string", enum: ["s"] },
				},
			},
		),
	"many objects to merge": (size) =>
		closed({
			a: { allOf: Array.from({ length: size }, (_, at) => ({ type: "object", properties: { [`p${at}`]: { type: "null" } } })) },
		}),
	"many objects to merge that restrict the properties of the others": (size) =>
		closed({
			a: {
				allOf: Array.from({ length: size }, (_, at) => ({
					type: "object",
					properties: { [`p${at}`]: { type: "null" } },
					additionalProperties: { type: ["null", "string"] },
				})),
			},
		}),
	"many definitions of one name": (size) =>
		closed(
			Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${at}`, { $ref: `#/$defs/${String.fromCodePoint(0x4e00 + at)}` }])),
			{
				$defs: Object.fromEntries(Array.from({ length: size }, (_, at) => [String.fromCodePoint(0x4e00 + at), { type: "null" }])),
			},
		),
}))
	test(`the cost of ${name} is linear`, () =>
		assertLinear({
			name,
			from: 256,
			to: 1024,
			make,
			run: (schema: JsonObject) => lower(schema, { ...OPENAI_STRICT, bounds: {} }),
		}));

/** Returns a schema within as many others. */
function within(levels: number, inner: JsonObject, wrap: (schema: JsonObject, level: number) => JsonObject): JsonObject {
	return Array.from({ length: levels }).reduce<JsonObject>((schema, _, level) => wrap(schema, level), inner);
}

const values = (length: number, prefix = "v"): string[] => Array.from({ length }, (_, at) => `${prefix}${at}`);

// Levels and leaves grow together, so a leaf that is read at each level costs the square.
for (const [name, dialect, make] of [
	[
		"trees to merge",
		OPENAI_STRICT,
		(size) => {
			const tree = (description: string) =>
				within(size, closed(Object.fromEntries(values(50 * size).map((key) => [key, { type: "null", description }]))), (x) =>
					closed({ x }),
				);
			return closed({ a: { allOf: [tree("one"), tree("two")] } });
		},
	],
	[
		"tuples within each other",
		OPENAI_STRICT,
		(size) => closed({ a: within(size, { enum: values(200 * size) }, (item) => ({ type: "array", items: [item, { type: "null" }] })) }),
	],
	[
		"outermost alternatives within each other",
		ANTHROPIC_TOOLS,
		(size) =>
			within(size, { type: "object", properties: Object.fromEntries(values(50 * size).map((key) => [key, {}])) }, (inner, level) => ({
				anyOf: [inner, { type: "object", properties: { [`level${level}`]: {} } }],
			})),
	],
] satisfies [string, SchemaDialect, (size: number) => JsonObject][])
	test(`the cost of ${name} is linear`, () =>
		assertLinear({ name, from: 4, to: 4, make, run: (schema: JsonObject) => lower(schema, { ...dialect, bounds: {} }) }));

test.run();
