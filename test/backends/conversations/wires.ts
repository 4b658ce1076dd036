import { anthropicWire } from "./wire/anthropic.ts";
import { azureOpenAiWire } from "./wire/azure-openai.ts";
import { bedrockConverseWire } from "./wire/bedrock-converse.ts";
import { geminiWire } from "./wire/gemini.ts";
import { ollamaWire } from "./wire/ollama.ts";
import { openAiCompatibleWire } from "./wire/openai-compatible.ts";
import { openAiResponsesWire } from "./wire/openai-responses.ts";
import type { VendorWire } from "./wire.ts";

/** The wire forms of every kind with chat over HTTP. */
export const WIRES: readonly VendorWire[] = [
	anthropicWire,
	azureOpenAiWire,
	bedrockConverseWire,
	geminiWire,
	ollamaWire,
	openAiCompatibleWire,
	openAiResponsesWire,
];
