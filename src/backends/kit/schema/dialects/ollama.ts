import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { isAnchoredAndPlain } from "../patterns.ts";

/**
 * Schema of the answer: `format`, which llama.cpp converts to a grammar. The converter reads one keyword of each schema first (`$ref`,
 * then alternatives, `type`, `const`, `enum`, …) and ignores what stands beside it. Objects are closed unless the schema says otherwise, and
 * `{}` means an object.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#structured-outputs
 * @see https://github.com/ggml-org/llama.cpp/blob/master/common/json-schema-to-grammar.cpp
 * @see https://github.com/ggml-org/llama.cpp/issues/19051 a pattern that the converter cannot read turns the grammar off
 */
export const OLLAMA_FORMAT: SchemaDialect = {
	name: "this backend",
	keywords: new Set(["title", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum"]),
	otherKeywords: "describe",
	formats: new Set(["date", "time", "date-time", "uuid"]),
	acceptsPattern: isAnchoredAndPlain,
	onlyFor: new Map([
		["minimum", new Set(["integer"])],
		["maximum", new Set(["integer"])],
	]),
	root: { object: false, unions: "keep" },
	references: { form: "defs", recursion: "any", siblings: "keep", root: false },
	unions: { keyword: "anyOf", siblings: false },
	allOf: false,
	typeLists: "all",
	needsType: false,
	anything: { type: ["object", "array", "string", "number", "boolean", "null"] },
	consts: true,
	objects: "named-closed",
	required: "any",
};

/**
 * Parameters of tools. Ollama reads them into fixed fields, drops all others, and writes them into the prompt. Other keywords go into
 * descriptions.
 *
 * @see https://github.com/ollama/ollama/blob/main/api/types.go `ToolFunctionParameters` and `ToolProperty`
 */
export const OLLAMA_TOOLS: SchemaDialect = {
	name: "this backend",
	keywords: new Set(),
	otherKeywords: "describe",
	root: { object: true, unions: "flatten" },
	references: { form: "inline", recursion: "none", siblings: "copy", root: false },
	unions: { keyword: "anyOf", siblings: true },
	allOf: false,
	typeLists: "all",
	needsType: false,
	consts: false,
	objects: "open",
	required: "any",
};

export const OLLAMA: VendorDialects = {
	tools: OLLAMA_TOOLS,
	strictTools: OLLAMA_TOOLS,
	output: OLLAMA_FORMAT,
	strictOutput: OLLAMA_FORMAT,
};
