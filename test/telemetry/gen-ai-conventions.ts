/**
 * The names of the OpenTelemetry conventions for generative AI that may occur in telemetry of the host, as data.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai/tree/024a4f944a1291fcb627c9c47da69e79868dd15e/docs/gen-ai `client-inference.md`,
 * `client-embeddings.md`, `gen-ai-token-metrics.md`, `gen-ai-metrics.md`. All of it has the status "development".
 */

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

export interface ConventionMetric {
	readonly kind: "counter" | "histogram";
	readonly unit: string;
	readonly boundaries?: readonly number[];
}

const counter: ConventionMetric = { kind: "counter", unit: "{token}" };

export const CONVENTION_METRICS: Readonly<Record<string, ConventionMetric>> = {
	"gen_ai.client.inference.duration": { kind: "histogram", unit: "s", boundaries: SECONDS },
	"gen_ai.client.inference.time_to_first_chunk": { kind: "histogram", unit: "s", boundaries: SECONDS },
	"gen_ai.client.inference.time_per_output_chunk": { kind: "histogram", unit: "s", boundaries: SECONDS },
	"gen_ai.client.inference.usage.input_tokens": counter,
	"gen_ai.client.inference.usage.output_tokens": counter,
	"gen_ai.client.inference.usage.cache_read.input_tokens": counter,
	"gen_ai.client.inference.usage.cache_write.input_tokens": counter,
	"gen_ai.client.inference.usage.reasoning.output_tokens": counter,
	"gen_ai.client.inference.operation.input_tokens": { kind: "histogram", unit: "{token}", boundaries: TOKENS },
	"gen_ai.client.inference.operation.output_tokens": { kind: "histogram", unit: "{token}", boundaries: TOKENS },
	"gen_ai.client.embeddings.duration": { kind: "histogram", unit: "s", boundaries: SECONDS },
	"gen_ai.client.embeddings.operation.input_tokens": { kind: "histogram", unit: "{token}", boundaries: TOKENS },
	"gen_ai.invoke_agent.duration": {
		kind: "histogram",
		unit: "s",
		boundaries: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6],
	},
	"gen_ai.invoke_agent.inference_calls": { kind: "histogram", unit: "{inference_call}", boundaries: [1, 2, 4, 8, 16, 32, 64, 128] },
	"gen_ai.invoke_agent.tool_calls": { kind: "histogram", unit: "{tool_call}", boundaries: [1, 2, 4, 8, 16, 32, 64, 128] },
};

export const CONVENTION_ATTRIBUTES: ReadonlySet<string> = new Set([
	"error.type",
	"gen_ai.agent.name",
	"gen_ai.input.messages",
	"gen_ai.operation.name",
	"gen_ai.output.messages",
	"gen_ai.provider.name",
	"gen_ai.request.frequency_penalty",
	"gen_ai.request.max_tokens",
	"gen_ai.request.model",
	"gen_ai.request.presence_penalty",
	"gen_ai.request.reasoning.level",
	"gen_ai.request.seed",
	"gen_ai.request.stop_sequences",
	"gen_ai.request.stream",
	"gen_ai.request.temperature",
	"gen_ai.request.top_p",
	"gen_ai.response.finish_reasons",
	"gen_ai.response.id",
	"gen_ai.response.model",
	"gen_ai.response.time_to_first_chunk",
	"gen_ai.token.modality",
	"gen_ai.usage.cache_read.input_tokens",
	"gen_ai.usage.cache_write.input_tokens",
	"gen_ai.usage.input_tokens",
	"gen_ai.usage.output_tokens",
	"gen_ai.usage.reasoning.output_tokens",
	"server.address",
	"server.port",
]);

/** Values of `gen_ai.provider.name` that the conventions know. */
export const CONVENTION_PROVIDERS: ReadonlySet<string> = new Set([
	"anthropic",
	"aws.bedrock",
	"azure.ai.inference",
	"azure.ai.openai",
	"cohere",
	"deepseek",
	"gcp.gemini",
	"gcp.gen_ai",
	"gcp.vertex_ai",
	"groq",
	"ibm.watsonx.ai",
	"mistral_ai",
	"moonshot_ai",
	"openai",
	"perplexity",
	"x_ai",
]);
