import type { VendorDialects } from "../dialect.ts";
import { COHERE } from "./cohere.ts";
import { MISTRAL } from "./mistral.ts";
import { OPENAI } from "./openai.ts";

const AS_IS: VendorDialects = { tools: "as-is", strictTools: "as-is", output: "as-is", strictOutput: "as-is" };

/**
 * Dialects of servers with OpenAI's API, by the value of the option `schema_dialect`. Such servers differ: many accept schemas that OpenAI
 * refuses, so `as-is` is the default.
 */
export const OPENAI_SERVER_DIALECTS = { "as-is": AS_IS, openai: OPENAI, mistral: MISTRAL, cohere: COHERE } as const;

export type OpenAiServerDialect = keyof typeof OPENAI_SERVER_DIALECTS;

export const OPENAI_SERVER_DIALECT_NAMES = ["as-is", "openai", "mistral", "cohere"] as const satisfies readonly OpenAiServerDialect[];
