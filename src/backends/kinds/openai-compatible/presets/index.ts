import type { Presets } from "../../../protocols/openai/preset.ts";
import { cohere } from "./cohere.ts";
import { deepseek } from "./deepseek.ts";
import { groq } from "./groq.ts";
import { lmStudio } from "./lm-studio.ts";
import { mistral } from "./mistral.ts";
import { openrouter } from "./openrouter.ts";
import { together } from "./together.ts";
import { vllm } from "./vllm.ts";

/** Servers that the option `preset` names. */
export const PRESETS: Presets = { cohere, deepseek, groq, "lm-studio": lmStudio, mistral, openrouter, together, vllm };
