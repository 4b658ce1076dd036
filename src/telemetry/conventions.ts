/**
 * Names of attributes. `gen_ai.*`, `server.*` and `error.*` are those of the OpenTelemetry conventions; `spear.*` are the host's own, where
 * no convention exists.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export const ATTRIBUTE = {
	agentName: "gen_ai.agent.name",
	errorType: "error.type",
	finishReasons: "gen_ai.response.finish_reasons",
	frequencyPenalty: "gen_ai.request.frequency_penalty",
	inputMessages: "gen_ai.input.messages",
	inputTokens: "gen_ai.usage.input_tokens",
	cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
	cacheWriteTokens: "gen_ai.usage.cache_write.input_tokens",
	maxTokens: "gen_ai.request.max_tokens",
	operation: "gen_ai.operation.name",
	outputMessages: "gen_ai.output.messages",
	outputTokens: "gen_ai.usage.output_tokens",
	presencePenalty: "gen_ai.request.presence_penalty",
	provider: "gen_ai.provider.name",
	reasoningLevel: "gen_ai.request.reasoning.level",
	reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
	requestModel: "gen_ai.request.model",
	requestStream: "gen_ai.request.stream",
	responseId: "gen_ai.response.id",
	responseModel: "gen_ai.response.model",
	seed: "gen_ai.request.seed",
	serverAddress: "server.address",
	serverPort: "server.port",
	stopSequences: "gen_ai.request.stop_sequences",
	temperature: "gen_ai.request.temperature",
	timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
	tokenModality: "gen_ai.token.modality",
	topP: "gen_ai.request.top_p",
	attemptRole: "spear.attempt.role",
	backend: "spear.backend",
	breakerState: "spear.breaker.state",
	decision: "spear.limit.decision",
	cost: "spear.cost",
	cpuTime: "spear.run.cpu_time",
	eventDetail: "spear.event.detail",
	guest: "spear.guest",
	host: "spear.host",
	memoryKind: "spear.memory.kind",
	metric: "spear.metric",
	outcome: "spear.outcome",
	requestId: "spear.request.id",
	storeCall: "spear.store.call",
} as const;

/** Names of operations for `gen_ai.operation.name`. The conventions have none for images and sound, and allow own names there. */
const OPERATION_NAMES: ReadonlyMap<string, string> = new Map([["chat_completions", "chat"]]);

/** Returns the conventions' name of an operation of the host. */
export function operationName(operation: string): string {
	return OPERATION_NAMES.get(operation) ?? operation;
}

/** Name of the operation of a run. */
export const INVOKE_AGENT = "invoke_agent";

/** Provider of a request that no backend was chosen for: the host itself. */
export const NO_PROVIDER = "spear";
