import { overHttp, type Vendor } from "./vendor.ts";
import { anthropicWire } from "./wire/anthropic.ts";
import { azureOpenAiWire } from "./wire/azure-openai.ts";
import { bedrockConverseWire } from "./wire/bedrock-converse.ts";
import { geminiWire } from "./wire/gemini.ts";
import { llamaCppVendor } from "./wire/llama-cpp.ts";
import { ollamaWire } from "./wire/ollama.ts";
import { openAiCompatibleWire } from "./wire/openai-compatible.ts";
import { openAiResponsesWire } from "./wire/openai-responses.ts";
import { coherePresetWire, mistralPresetWire } from "./wire/presets.ts";

/** Every kind with chat that answers by a model, and two presets of `openai-compatible`. */
export const VENDORS: readonly Vendor[] = [
	anthropicWire,
	azureOpenAiWire,
	bedrockConverseWire,
	geminiWire,
	ollamaWire,
	openAiCompatibleWire,
	openAiResponsesWire,
	mistralPresetWire,
	coherePresetWire,
]
	.map(overHttp)
	.concat(llamaCppVendor);
