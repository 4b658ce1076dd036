import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * Mistral's API. Unknown members are refused, so names and refusals of messages are not sent.
 *
 * @see https://docs.mistral.ai/api/endpoint/chat (`max_tokens`, `random_seed` from 0, a temperature up to 1.5, efforts up to `xhigh`)
 * @see https://github.com/mistralai/platform-docs-public/blob/main/public/openapi.yaml (audio is base64, a file is an uploaded one)
 * @see https://docs.mistral.ai/capabilities/reasoning (thinking in the content)
 * @see https://github.com/anomalyco/opencode/issues/1680 (ids of nine letters and digits)
 */
export const mistral: Preset = {
	baseUrl: "https://api.mistral.ai/v1",
	operations: ["chat_completions", "embeddings", "speech_to_text"],
	options: {
		max_tokens_field: "max_tokens",
		schema_dialect: "mistral",
		send_stream_options: false, // The last chunk always has the usage.
	},
	dimensionsField: "output_dimension",
	chat: {
		seed: { field: "random_seed", min: 0 },
		callIds: { pattern: /^[A-Za-z0-9]{9}$/, prefix: "", length: 9 },
		maxTemperature: 1.5,
		efforts: { max: "xhigh" },
		bareAudio: true,
		thinkingItems: true,
		refusalsAsText: true,
		drops: { "messages.name": "the server has no names of messages" },
		rejects: { "messages.content.file": "the server takes only files that were uploaded before" },
	},
};
