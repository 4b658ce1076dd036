import type { Preset } from "../../../protocols/openai/preset.ts";

const BINARY = "high";

/**
 * Cohere's compatibility API. Reasoning is on or off.
 *
 * @see https://docs.cohere.com/docs/compatibility-api (lists the parameters that are supported, and the form of schemas)
 * @see https://docs.cohere.com/reference/embed (at most 96 texts in a request)
 */
export const cohere: Preset = {
	baseUrl: "https://api.cohere.ai/compatibility/v1",
	operations: ["chat_completions", "embeddings"],
	options: { max_tokens_field: "max_tokens", schema_dialect: "cohere", send_parallel_tool_calls: false, embeddings_max_batch: 96 },
	dimensionsField: "none",
	chat: {
		efforts: { minimal: BINARY, low: BINARY, medium: BINARY, xhigh: BINARY, max: BINARY },
		schemaInJsonObject: true,
		noToolChoice: true,
		drops: { "params.parallel_tool_calls": "the server has no such parameter" },
		rejects: { "messages.content.audio": "the server takes no audio", "messages.content.file": "the server takes no files" },
	},
};
