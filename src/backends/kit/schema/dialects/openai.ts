import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { isRegular } from "../patterns.ts";
import { WHOLE_LANGUAGE } from "./whole-language.ts";

/**
 * Parameters of tools without strict mode. OpenAI does not enforce them, and refuses only alternatives in the outermost schema and lists
 * without `items`.
 *
 * @see https://platform.openai.com/docs/guides/function-calling
 */
export const OPENAI_TOOLS: SchemaDialect = {
	...WHOLE_LANGUAGE,
	root: { object: true, unions: "flatten" },
	needsItems: true,
};

/**
 * OpenAI's strict mode, of tools and of the answer: each object is closed, and each property required. A property that was optional must be
 * filled by the model. `null` in its place would violate the schema of the guest, unless that allows it.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 * @see https://github.com/can1357/oh-my-pi/issues/209 `propertyNames` is refused
 * @see https://github.com/BuilderIO/agent-native/pull/3085 other formats are refused
 */
export const OPENAI_STRICT: SchemaDialect = {
	name: "this backend's strict mode",
	keywords: new Set([
		...["title", "pattern", "format", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "minItems", "maxItems"],
	]),
	otherKeywords: "describe",
	formats: new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]),
	acceptsPattern: isRegular,
	root: { object: true, unions: "reject" },
	references: { form: "defs", recursion: "any", siblings: "wrap", root: true },
	unions: { keyword: "anyOf", siblings: false },
	allOf: false,
	typeLists: "all",
	needsType: true,
	needsItems: true,
	values: new Set(["string", "number", "boolean", "null"]),
	consts: true,
	objects: "closed",
	required: "all",
	bounds: { depth: 10, properties: 5000, enumValues: 1000, characters: 120_000, largeEnum: { over: 250, characters: 15_000 } },
};

export const OPENAI: VendorDialects = {
	tools: OPENAI_TOOLS,
	strictTools: OPENAI_STRICT,
	output: "as-is",
	strictOutput: OPENAI_STRICT,
};
