import { test } from "uvu";
import * as assert from "uvu/assert";
import { schemaDocuments } from "../../../codegen/emit/kit/schema/documents.ts";
import { createSchemaEmitter, schemaEmitter } from "../../../codegen/emit/schema/index.ts";
import { abiOf, emitOne, emitText, extraSchema, projectAbi } from "../../helpers/codegen.ts";
import { PAINT, SHAPES } from "../../helpers/codegen-wit.ts";

const bare = createSchemaEmitter(async () => []);

async function definitions(wit: string, path: string): Promise<{ [name: string]: unknown }> {
	return JSON.parse(await emitOne(bare, abiOf(wit), path)).$defs;
}

test("a record is a closed object whose options may be left out", async () => {
	const { Request } = await definitions(PAINT, "schema/paint.schema.json");
	assert.equal(Request, {
		description: "What to paint.",
		type: "object",
		properties: {
			copies: { description: "How many.", type: "integer", minimum: 1, maximum: 4, default: 1 },
			tools: { description: "What with.", type: "array", items: { $ref: "#/$defs/Tool" } },
			canvas: { description: "Onto this.", type: "string", contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$" },
			colour: { description: "The main colour.", $ref: "types.schema.json#/$defs/Colour", default: "sky_blue" },
			varnish: { description: "Varnish it.", type: "boolean" },
			extra: { description: "Anything else.", $ref: "types.schema.json#/$defs/Json" },
		},
		required: ["tools", "canvas"],
		additionalProperties: false,
	});
});

/** Lists of each kind that may be left out. */
const LEFT_OUT = `package a:b@1.0.0;
interface i {
	type names = list<string>;
	record r {
		/// @default []
		words: option<names>,
		/// @default []
		bytes: option<list<u8>>,
		/// @default []
		vector: option<list<f32>>,
	}
}`;

test("a list that is empty when left out may be left out of JSON, and is always there in memory", async () => {
	const { R } = await definitions(LEFT_OUT, "schema/i.schema.json");
	assert.equal(R, {
		type: "object",
		properties: {
			words: { $ref: "#/$defs/Names", default: [] },
			bytes: { type: "string", contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$", default: "" },
			vector: { type: "array", items: { type: "number" }, default: [] },
		},
		required: [],
		additionalProperties: false,
	});
	const inMemory = schemaDocuments(abiOf(LEFT_OUT), [], "memory").get("i")?.$defs?.R;
	assert.equal(inMemory, {
		type: "object",
		properties: { words: { $ref: "#/$defs/Names" }, bytes: { instanceOf: "Uint8Array" }, vector: { instanceOf: "Float32Array" } },
		required: ["words", "bytes", "vector"],
		additionalProperties: false,
	});
});

test("a variant is told apart by `type`, its payload stands under the case's name", async () => {
	const { Tool } = await definitions(PAINT, "schema/paint.schema.json");
	assert.equal(Tool, {
		description: "What to paint with.",
		type: "object",
		discriminator: { propertyName: "type" },
		required: ["type"],
		oneOf: [
			{
				description: "A brush of that width.",
				type: "object",
				properties: { type: { const: "brush" }, brush: { type: "integer", minimum: 0, maximum: 4294967295 } },
				required: ["type", "brush"],
				additionalProperties: false,
			},
			{
				description: "The hand.",
				type: "object",
				properties: { type: { const: "hand" } },
				required: ["type"],
				additionalProperties: false,
			},
		],
	});
});

test("an enum lists its names in snake case and documents them", async () => {
	const { Colour, Json } = await definitions(PAINT, "schema/types.schema.json");
	assert.equal(Colour, {
		description: "Names a colour.\n\n- `red`: Like blood.\n- `sky_blue`: Like the sky.",
		type: "string",
		enum: ["red", "sky_blue"],
	});
	assert.equal(Json, { description: "Any JSON." });
});

test("every other shape of type has its schema", async () => {
	const { SomeFlags, Everything } = await definitions(SHAPES, "schema/shapes.schema.json");
	assert.equal(SomeFlags, { type: "array", items: { type: "string", enum: ["first", "second_flag"] }, uniqueItems: true });
	const { properties } = JSON.parse(JSON.stringify(Everything));
	assert.equal(properties.letter, { type: "string", minLength: 1, maxLength: 1 });
	assert.equal(properties.signed_byte, { type: "integer", minimum: -128, maximum: 127 });
	assert.equal(properties.vectors, { type: "array", items: { type: "array", items: { type: "number" } } });
	assert.equal(properties.holes, { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } });
	assert.equal(properties.pair, {
		type: "array",
		prefixItems: [{ $ref: "base.schema.json#/$defs/Plain" }, { anyOf: [{ $ref: "#/$defs/Inner" }, { type: "null" }] }],
		items: false,
		minItems: 2,
		maxItems: 2,
	});
	assert.equal(properties.outcome, {
		oneOf: [
			{ type: "object", properties: { ok: { $ref: "#/$defs/Inner" } }, required: ["ok"], additionalProperties: false },
			{ type: "object", properties: { err: { $ref: "base.schema.json#/$defs/TwoWords" } }, required: ["err"], additionalProperties: false },
		],
	});
});

test("constraint tags narrow the bounds of the type", async () => {
	const { R } = await definitions(
		`package a:b@1.0.0;
interface i {
	record r {
		/// @range 1..
		a: u32,
		/// @range -2..2
		b: option<f64>,
		/// @min-items 1
		/// @max-items 4
		c: list<string>,
		/// @pattern ^[a-z]{2}$
		d: option<string>,
		/// @integer
		/// @range -5..5
		e: option<f64>,
	}
}`,
		"schema/i.schema.json",
	);
	assert.equal(R, {
		type: "object",
		properties: {
			a: { type: "integer", minimum: 1, maximum: 4294967295 },
			b: { type: "number", minimum: -2, maximum: 2 },
			c: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 4 },
			d: { type: "string", pattern: "^[a-z]{2}$" },
			e: { type: "integer", minimum: -5, maximum: 5 },
		},
		required: ["a", "c"],
		additionalProperties: false,
	});
});

test("operations, transports and features are closed sets", async () => {
	const { Operation, Transport, Feature } = await definitions(PAINT, "schema/operations.schema.json");
	assert.equal(Operation, {
		description: "The name of an operation.\n\n- `picture_painting`: Paints pictures.",
		type: "string",
		enum: ["picture_painting"],
	});
	assert.equal(Transport, { description: "The shape of an exchange.", type: "string", enum: ["unary", "server_stream", "bidi_stream"] });
	assert.equal(Feature, {
		description: "A capability that a payload may demand of a backend.",
		type: "string",
		enum: ["supports_brush", "supports_tools", "supports_varnish"],
	});
});

test("an extra schema is published with a header and under its own name", async () => {
	const emitter = createSchemaEmitter(extraSchema("brushes", { title: "Brushes", type: "object" }));
	assert.is(
		await emitOne(emitter, abiOf(PAINT), "schema/brushes.schema.json"),
		`{
	"title": "Brushes",
	"type": "object",
	"$id": "brushes.schema.json",
	"$comment": "Generated by \`npm run codegen\` from codegen/schemas/brushes.schema.json. Do not edit."
}
`,
	);
});

test("an extra schema cannot take an interface's name", async () => {
	const emitter = createSchemaEmitter(extraSchema("paint", { type: "object" }));
	try {
		await emitText(emitter, abiOf(PAINT));
		assert.unreachable("two schemas of one name");
	} catch (cause) {
		assert.is(String(cause), "Error: two schemas are named `paint`: rename the interface or the file in codegen/schemas/");
	}
});

test("the envelope's payload and result follow its operation", async () => {
	const emitter = createSchemaEmitter(
		extraSchema("envelope", { $defs: { RequestEnvelope: { type: "object" }, ResponseEnvelope: { type: "object" } } }),
	);
	const { $defs } = JSON.parse(await emitOne(emitter, abiOf(PAINT), "schema/envelope.schema.json"));
	const condition = { properties: { operation: { const: "picture_painting" } }, required: ["operation"] };
	const whenPainting = (then: object): object[] => [{ if: condition, then }];
	assert.equal($defs.RequestEnvelope.allOf, whenPainting({ properties: { payload: { $ref: "paint.schema.json#/$defs/Request" } } }));
	const result = { properties: { payload: { $ref: "paint.schema.json#/$defs/Response" } } };
	assert.equal($defs.ResponseEnvelope.allOf, whenPainting({ properties: { result } }));
});

test("an interface without data types has no schema", async () => {
	const files = await emitText(
		bare,
		abiOf("package a:b@1.0.0;\ninterface i {\n\tresource r {}\n\tf: func();\n}\ninterface j {\n\ttype t = string;\n}"),
	);
	assert.equal([...files.keys()], ["schema/j.schema.json", "schema/operations.schema.json"]);
});

test("every reference in the project's schemas leads somewhere", async () => {
	const files = await emitText(schemaEmitter, await projectAbi());
	const documents = new Map([...files].map(([path, text]) => [path.slice("schema/".length), JSON.parse(text)]));
	const dangling: string[] = [];
	for (const [file, document] of documents) {
		JSON.stringify(document, (key, value) => {
			if (key === "$ref") {
				const [target = "", pointer = ""] = String(value).split("#/$defs/");
				if (documents.get(target === "" ? file : target)?.$defs?.[pointer] === undefined) dangling.push(`${file}: ${value}`);
			}
			return value;
		});
	}
	assert.equal(dangling, []);
	assert.ok(documents.size > 10);
});

test("the same input gives the same bytes", async () => {
	const abi = await projectAbi();
	assert.equal(await emitText(schemaEmitter, abi), await emitText(schemaEmitter, abi));
});

test.run();
