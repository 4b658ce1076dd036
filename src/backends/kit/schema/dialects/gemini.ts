import type { SchemaDialect, VendorDialects } from "../dialect.ts";

/**
 * Schema of the answer: `responseJsonSchema`. Gemini ignores what it does not know or refuses it, by model.
 *
 * @see https://ai.google.dev/api/generate-content#generationconfig lists the keywords, and what holds for `$ref`
 * @see https://github.com/pizza-bot-app/pizza-bot/issues/62 other keywords are refused
 * @see https://github.com/taylorwilsdon/google_workspace_mcp/issues/1099 `const` is refused
 */
export const GEMINI_OUTPUT: SchemaDialect = {
	name: "this backend",
	keywords: new Set(["title", "format", "prefixItems", "minItems", "maxItems", "minimum", "maximum", "propertyOrdering"]),
	otherKeywords: "describe",
	formats: new Set(["date-time", "date", "time", "int32", "int64", "float", "double"]),
	root: { object: false, unions: "keep" },
	references: { form: "defs", recursion: "optional", siblings: "wrap", root: false },
	unions: { keyword: "anyOf", siblings: false },
	allOf: false,
	typeLists: "all",
	needsType: false,
	values: new Set(["string", "number"]),
	consts: false,
	objects: "open",
	required: "any",
};

/**
 * Parameters of tools: `parametersJsonSchema`, an object outermost.
 *
 * @see https://ai.google.dev/api/caching#FunctionDeclaration
 * @see https://github.com/withceleste/celeste-python/issues/262 numbers in `enum` need this member instead of `parameters`
 */
export const GEMINI_TOOLS: SchemaDialect = { ...GEMINI_OUTPUT, root: { object: true, unions: "flatten" } };

export const GEMINI: VendorDialects = {
	tools: GEMINI_TOOLS,
	strictTools: GEMINI_TOOLS,
	output: GEMINI_OUTPUT,
	strictOutput: GEMINI_OUTPUT,
};
