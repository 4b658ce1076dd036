import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { WHOLE_LANGUAGE } from "./whole-language.ts";

/**
 * Schemas that the API enforces. The reference names no limits. Mistral's own clients close each object before they send a schema.
 *
 * @see https://docs.mistral.ai/capabilities/structured-output/custom_structured_output/
 * @see https://github.com/mistralai/client-python/blob/main/src/mistralai/extra/utils/_pydantic_helper.py
 */
export const MISTRAL_STRICT: SchemaDialect = {
	...WHOLE_LANGUAGE,
	name: "this backend's strict mode",
	objects: "closed",
};

export const MISTRAL: VendorDialects = {
	tools: "as-is",
	strictTools: MISTRAL_STRICT,
	output: "as-is",
	strictOutput: MISTRAL_STRICT,
};
