import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { isRegular } from "../patterns.ts";

/**
 * Schemas that the API enforces: of the answer, and of tools with `strict_tools`. Each object needs a required property, and patterns have
 * no anchors.
 *
 * @see https://docs.cohere.com/docs/structured-outputs#parameter-types-support
 */
export const COHERE_STRICT: SchemaDialect = {
	name: "this backend's structured outputs",
	keywords: new Set(["title", "pattern", "format"]),
	otherKeywords: "describe",
	formats: new Set(["date-time", "uuid", "date", "time"]),
	acceptsPattern: (pattern) => isRegular(pattern) && !/[\^$]/.test(pattern),
	root: { object: true, unions: "reject" },
	references: { form: "defs", recursion: "any", siblings: "wrap", root: false },
	unions: { keyword: "anyOf", siblings: false },
	allOf: false,
	typeLists: "none",
	needsType: true,
	values: new Set(["string", "number", "boolean", "null"]),
	consts: true,
	objects: "open",
	required: "one",
};

export const COHERE: VendorDialects = {
	tools: "as-is",
	strictTools: COHERE_STRICT,
	output: COHERE_STRICT,
	strictOutput: COHERE_STRICT,
};
