import type { SchemaDialect, VendorDialects } from "../dialect.ts";

/**
 * Schemas that the API enforces. The reference names no limits. Mistral's own clients close each object before they send a schema.
 *
 * @see https://docs.mistral.ai/capabilities/structured-output/custom_structured_output/
 * @see https://github.com/mistralai/client-python/blob/main/src/mistralai/extra/utils/_pydantic_helper.py
 */
export const MISTRAL_STRICT: SchemaDialect = {
	name: "this backend's strict mode",
	keywords: new Set(),
	otherKeywords: "keep",
	root: { object: true, unions: "keep" },
	references: { form: "untouched", recursion: "any", siblings: "keep", root: true },
	unions: { keyword: "both", siblings: true },
	allOf: true,
	typeLists: "all",
	needsType: false,
	consts: true,
	objects: "closed",
	required: "any",
};

export const MISTRAL: VendorDialects = {
	tools: "as-is",
	strictTools: MISTRAL_STRICT,
	output: "as-is",
	strictOutput: MISTRAL_STRICT,
};
