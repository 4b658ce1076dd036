import type { SchemaDialect, VendorDialects } from "../dialect.ts";
import { ANTHROPIC_OUTPUT, ANTHROPIC_STRICT_TOOLS, ANTHROPIC_TOOLS } from "./anthropic.ts";

/**
 * Parameters of tools, `toolSpec.inputSchema.json`: an object outermost. The models behind the API differ in what they read; alternatives
 * outermost are refused by several.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolInputSchema.html
 */
const BEDROCK_TOOLS: SchemaDialect = ANTHROPIC_TOOLS;

/**
 * Parameters of tools for the Nova models, which accept only three keywords outermost.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html
 */
export const NOVA_TOOLS: SchemaDialect = {
	...ANTHROPIC_TOOLS,
	otherKeywords: "describe",
	keywords: new Set([
		...["title", "default", "format", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
		...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
	]),
	root: { object: true, unions: "flatten", only: new Set(["type", "properties", "required"]) },
	references: { form: "inline", recursion: "none", siblings: "copy", root: false },
	allOf: false,
};

/**
 * Schemas that the API enforces, of the answer (`outputConfig.textFormat`) and of strict tools: the same part of draft 2020-12 as
 * Anthropic's.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
 */
export const BEDROCK_CONVERSE: VendorDialects = {
	tools: BEDROCK_TOOLS,
	strictTools: ANTHROPIC_STRICT_TOOLS,
	output: ANTHROPIC_OUTPUT,
	strictOutput: ANTHROPIC_OUTPUT,
	maxStrictTools: 20,
};

/** The dialects for the Nova models. */
export const BEDROCK_NOVA: VendorDialects = { ...BEDROCK_CONVERSE, tools: NOVA_TOOLS };

/** Returns the dialects of a model, by the upstream's id. */
export function bedrockDialects(model: string): VendorDialects {
	return /\bamazon\.nova\b/.test(model) ? BEDROCK_NOVA : BEDROCK_CONVERSE;
}
