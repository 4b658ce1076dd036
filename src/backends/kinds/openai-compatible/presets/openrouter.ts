import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * OpenRouter, a gateway to many providers. Reasoning goes back in `reasoning_details`, as opaque parts.
 *
 * @see https://openrouter.ai/docs/api-reference/parameters (`max_tokens`)
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
 */
export const openrouter: Preset = {
	baseUrl: "https://openrouter.ai/api/v1",
	operations: ["chat_completions", "embeddings"],
	options: { max_tokens_field: "max_tokens" },
	chat: { efforts: { max: "xhigh" } },
};
