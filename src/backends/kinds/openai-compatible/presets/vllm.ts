import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * A vLLM server on this machine.
 *
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server/ (parameters, and the port 8000)
 * @see https://docs.vllm.ai/en/latest/features/multimodal_inputs/ (images and audio, no files)
 */
export const vllm: Preset = {
	baseUrl: "http://127.0.0.1:8000/v1",
	operations: ["chat_completions", "embeddings", "speech_to_text"],
	options: {},
	chat: {
		efforts: { minimal: "low", xhigh: "high", max: "high" },
		rejects: { "messages.content.file": "the server takes no files" },
	},
};
