import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { isRegularWithoutBoundaries } from "../patterns.ts";
import { WHOLE_LANGUAGE } from "./whole-language.ts";

/**
 * Parameters of tools: draft 2020-12, with an object without alternatives outermost. The API refuses other drafts, alternatives there, and
 * some names.
 *
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools
 * @see https://github.com/anthropics/claude-code/issues/40075 alternatives in the outermost schema
 */
export const ANTHROPIC_TOOLS: SchemaDialect = {
	...WHOLE_LANGUAGE,
	propertyName: /^[a-zA-Z0-9_.-]{1,64}$/,
	root: { object: true, unions: "flatten" },
};

/**
 * Schemas that the API enforces: of the answer, and of strict tools. The API compiles them to a grammar, and refuses what a grammar cannot hold.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 * @see https://github.com/agentjido/req_llm/issues/302 `minimum` is refused
 * @see https://github.com/ghostlobster/memorize-everything/issues/93 `minItems` above 1 is refused
 */
export const ANTHROPIC_OUTPUT: SchemaDialect = {
	name: "this backend's strict mode",
	keywords: new Set(["title", "default", "format", "pattern", "minItems"]),
	otherKeywords: "describe",
	formats: new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]),
	acceptsPattern: isRegularWithoutBoundaries,
	maxMinItems: 1,
	root: { object: false, unions: "keep" },
	references: { form: "defs", recursion: "none", siblings: "copy", root: false },
	unions: { keyword: "anyOf", siblings: false },
	allOf: false,
	typeLists: "all",
	needsType: true,
	values: new Set(["string", "number", "boolean", "null"]),
	consts: true,
	objects: "closed",
	required: "any",
	// The limits are stated in the reference. They protect the API from long compilations.
	bounds: { optionalProperties: 24, unions: 16 },
};

/** Parameters of strict tools: the rules of both. */
export const ANTHROPIC_STRICT_TOOLS: SchemaDialect = {
	...ANTHROPIC_OUTPUT,
	propertyName: /^[a-zA-Z0-9_.-]{1,64}$/,
	root: { object: true, unions: "reject" },
};

export const ANTHROPIC: VendorDialects = {
	tools: ANTHROPIC_TOOLS,
	strictTools: ANTHROPIC_STRICT_TOOLS,
	output: ANTHROPIC_OUTPUT,
	strictOutput: ANTHROPIC_OUTPUT,
	maxStrictTools: 20,
};
