import type { SchemaDialect, VendorDialects } from "../dialect.ts";

/**
 * The part of JSON Schema that `createGrammarForJsonSchema` of node-llama-cpp converts. Unknown keywords are ignored there. Alternatives
 * are `oneOf`, of which several may match. Each property is required, and objects are closed unless the schema says otherwise.
 *
 * @see https://node-llama-cpp.withcat.ai/api/type-aliases/GbnfJsonSchema
 * @see https://github.com/withcatai/node-llama-cpp/blob/master/src/utils/gbnfJson/utils/getGbnfJsonTerminalForGbnfJsonSchema.ts
 */
export const LLAMA_CPP_GRAMMAR: SchemaDialect = {
	name: "this backend",
	keywords: new Set(["prefixItems", "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength", "format"]),
	otherKeywords: "describe",
	formats: new Set(["date-time", "time", "date"]),
	root: { object: false, unions: "keep" },
	references: { form: "defs", recursion: "any", siblings: "keep", root: false },
	unions: { keyword: "oneOf", siblings: false },
	allOf: false,
	typeLists: "scalars",
	needsType: true,
	// A schema without a type would be read as null.
	anything: {
		oneOf: [{ type: ["string", "number", "boolean", "null"] }, { type: "object", additionalProperties: true }, { type: "array" }],
	},
	// llama.cpp refuses a grammar that repeats a rule 1,000 times.
	maxCount: 900,
	values: new Set(["string", "number", "boolean", "null"]),
	consts: true,
	objects: "implied-closed",
	required: "all",
	// The grammar is made by recursion, in one turn of the event loop: 12 ms for 500 properties.
	bounds: { depth: 32, properties: 512, enumValues: 512, characters: 32_768 },
};

/** Parameters of tools: an object outermost. */
export const LLAMA_CPP_TOOLS: SchemaDialect = { ...LLAMA_CPP_GRAMMAR, root: { object: true, unions: "flatten" } };

export const LLAMA_CPP: VendorDialects = {
	tools: LLAMA_CPP_TOOLS,
	strictTools: LLAMA_CPP_TOOLS,
	output: LLAMA_CPP_GRAMMAR,
	strictOutput: LLAMA_CPP_GRAMMAR,
};
