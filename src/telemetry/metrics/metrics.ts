import { ATTRIBUTE } from "../conventions.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/** Bounds of the conventions for durations of requests, in seconds: 0.01 to 81.92, each twice the one before. */
const SECONDS: readonly number[] = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/** Bounds of the conventions for durations of runs, in seconds: 0.1 to 409.6. */
const RUN_SECONDS: readonly number[] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
/** Bounds of the conventions for tokens: 1 to 67,108,864, each four times the one before. */
const TOKENS: readonly number[] = Array.from({ length: 14 }, (_, index) => 4 ** index);
/** Bounds of the conventions for calls of one run: 1 to 128. */
const CALLS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128];

/** Bounds for calls of the shared store, in seconds: 0.25 ms to 4 s, each twice the one before. */
const STORE_SECONDS: readonly number[] = Array.from({ length: 15 }, (_, index) => 0.00025 * 2 ** index);

/** Bounds on series. A histogram's series is as large as 17 of a counter. */
const MAX_COUNTERS = 2_000;
const MAX_HISTOGRAMS = 300;

const UPSTREAM = [ATTRIBUTE.operation, ATTRIBUTE.provider, ATTRIBUTE.requestModel, ATTRIBUTE.serverAddress, ATTRIBUTE.serverPort] as const;
const FAILING = [...UPSTREAM, ATTRIBUTE.errorType] as const;
const TOKEN = [...UPSTREAM, ATTRIBUTE.tokenModality] as const;

function counter(name: string, unit: string, description: string, attributes: readonly string[]): MetricDefinition {
	return { name, kind: "counter", unit, description, attributes, boundaries: [], maxSeries: MAX_COUNTERS };
}

function gauge(name: string, unit: string, description: string, attributes: readonly string[]): MetricDefinition {
	return { name, kind: "gauge", unit, description, attributes, boundaries: [], maxSeries: MAX_COUNTERS };
}

function histogram(
	name: string,
	unit: string,
	description: string,
	attributes: readonly string[],
	boundaries: readonly number[],
): MetricDefinition {
	return { name, kind: "histogram", unit, description, attributes, boundaries, maxSeries: MAX_HISTOGRAMS };
}

const usage = (name: string, description: string): MetricDefinition =>
	counter(`gen_ai.client.inference.usage.${name}`, "{token}", description, TOKEN);

/** The metrics that are recorded. */
export const METRICS = {
	inferenceDuration: histogram(
		"gen_ai.client.inference.duration",
		"s",
		"Duration of a request to a model, with all attempts.",
		FAILING,
		SECONDS,
	),
	embeddingsDuration: histogram(
		"gen_ai.client.embeddings.duration",
		"s",
		"Duration of a request for embeddings, with all attempts.",
		FAILING,
		SECONDS,
	),
	embeddingsInputTokens: histogram(
		"gen_ai.client.embeddings.operation.input_tokens",
		"{token}",
		"Input tokens of one request for embeddings.",
		FAILING,
		TOKENS,
	),
	timeToFirstChunk: histogram(
		"gen_ai.client.inference.time_to_first_chunk",
		"s",
		"Time from a request for a stream to its first event.",
		UPSTREAM,
		SECONDS,
	),
	timePerOutputChunk: histogram(
		"gen_ai.client.inference.time_per_output_chunk",
		"s",
		"Time between two events of a stream.",
		UPSTREAM,
		SECONDS,
	),
	inputTokens: usage("input_tokens", "Input tokens, with cached ones."),
	outputTokens: usage("output_tokens", "Output tokens, with those of reasoning."),
	cacheReadTokens: usage("cache_read.input_tokens", "Input tokens that came from a cache of the provider."),
	cacheWriteTokens: usage("cache_write.input_tokens", "Input tokens written to a cache of the provider."),
	reasoningTokens: usage("reasoning.output_tokens", "Output tokens of reasoning."),
	requestInputTokens: histogram(
		"gen_ai.client.inference.operation.input_tokens",
		"{token}",
		"Input tokens of one request.",
		FAILING,
		TOKENS,
	),
	requestOutputTokens: histogram(
		"gen_ai.client.inference.operation.output_tokens",
		"{token}",
		"Output tokens of one request.",
		FAILING,
		TOKENS,
	),
	runDuration: histogram(
		"gen_ai.invoke_agent.duration",
		"s",
		"Duration of a run of a guest.",
		[ATTRIBUTE.agentName, ATTRIBUTE.errorType],
		RUN_SECONDS,
	),
	runRequests: histogram(
		"gen_ai.invoke_agent.inference_calls",
		"{inference_call}",
		"Requests to models in a run of a guest.",
		[ATTRIBUTE.agentName],
		CALLS,
	),
	runToolCalls: histogram(
		"gen_ai.invoke_agent.tool_calls",
		"{tool_call}",
		"Tool calls that models have asked for in a run of a guest.",
		[ATTRIBUTE.agentName],
		CALLS,
	),
	requests: counter("spear.requests", "{request}", "Requests that have ended. The outcome is `ok` or the code of the error.", [
		ATTRIBUTE.operation,
		ATTRIBUTE.guest,
		ATTRIBUTE.backend,
		ATTRIBUTE.requestModel,
		ATTRIBUTE.outcome,
	]),
	attempts: counter("spear.attempts", "{attempt}", "Attempts at backends. The role is first, retry, fallback or hedge.", [
		ATTRIBUTE.operation,
		ATTRIBUTE.backend,
		ATTRIBUTE.attemptRole,
		ATTRIBUTE.outcome,
	]),
	attemptDuration: histogram(
		"spear.attempt.duration",
		"s",
		"Duration of an attempt at a backend.",
		[ATTRIBUTE.operation, ATTRIBUTE.backend, ATTRIBUTE.outcome],
		SECONDS,
	),
	cost: counter("spear.cost", "{currency}", "Cost of answers, in the currency of the configured prices.", [
		ATTRIBUTE.operation,
		ATTRIBUTE.guest,
		ATTRIBUTE.backend,
		ATTRIBUTE.requestModel,
	]),
	mirrored: counter("spear.mirrored_requests", "{request}", "Copies of requests sent to a mirror.", [
		ATTRIBUTE.operation,
		ATTRIBUTE.backend,
		ATTRIBUTE.outcome,
	]),
	runs: counter("spear.runs", "{run}", "Runs of guests that have ended. The outcome is `ok` or the code of the error.", [
		ATTRIBUTE.guest,
		ATTRIBUTE.outcome,
	]),
	runCpuTime: counter("spear.run.cpu_time", "s", "CPU time of runs of guests. 0 for guests that are not metered.", [ATTRIBUTE.guest]),
	toolCalls: counter("spear.tool_calls", "{tool_call}", "Tool calls that models have asked for.", [
		ATTRIBUTE.guest,
		ATTRIBUTE.requestModel,
	]),
	storeCallDuration: histogram(
		"spear.store.call.duration",
		"s",
		"Duration of a call of the store that hosts share. The outcome is `ok` or the reason of the failure.",
		[ATTRIBUTE.storeCall, ATTRIBUTE.outcome],
		STORE_SECONDS,
	),
	overflow: counter(
		"spear.telemetry.overflow",
		"{record}",
		"Records merged into series with the value `other`, because the metric has as many series as it may.",
		[ATTRIBUTE.metric],
	),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** The metrics that are read from the state of the host when they are asked for. */
export const GAUGES = {
	requestsInFlight: gauge("spear.requests.in_flight", "{request}", "Requests, streams and sessions in flight or waiting.", [
		ATTRIBUTE.operation,
	]),
	backendInFlight: gauge("spear.backend.in_flight", "{request}", "Requests, streams and sessions in flight at a backend.", [
		ATTRIBUTE.backend,
	]),
	breakers: gauge("spear.backend.breaker", "{backend}", "1 for the state that the circuit breaker of a backend has, 0 for the others.", [
		ATTRIBUTE.backend,
		ATTRIBUTE.operation,
		ATTRIBUTE.breakerState,
	]),
	requestsPending: gauge("spear.requests.pending", "{request}", "Requests that wait for a backend.", []),
	leasesByPolicy: gauge(
		"spear.cluster.limits.inexact",
		"{limit}",
		"Limits to which a policy applies because the shared store cannot be used.",
		[],
	),
	leasesDecided: gauge("spear.cluster.limits.decisions", "{decision}", "Decisions on limits that hosts share, since the start.", [
		ATTRIBUTE.decision,
	]),
	runsRunning: gauge("spear.runs.running", "{instance}", "Live instances of guests.", []),
	runsPending: gauge("spear.runs.pending", "{run}", "Runs that wait for a place.", []),
	memory: gauge("spear.memory.used", "By", "Memory that live instances of guests hold.", [ATTRIBUTE.guest, ATTRIBUTE.memoryKind]),
	storeReachable: gauge("spear.store.reachable", "{store}", "1 while the store that hosts share can be reached, else 0.", []),
	hosts: gauge("spear.hosts", "{host}", "Hosts that share the store. Absent while the store cannot be reached.", []),
	memoryAccounted: gauge(
		"spear.memory.accounted",
		"By",
		"Memory of all accounts, with bytes of ended instances that the host still holds.",
		[],
	),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Attributes whose values guests, embedders or operators choose. Values beyond the bound of a metric are `other`. */
export const OPEN_ATTRIBUTES: ReadonlySet<string> = new Set([
	ATTRIBUTE.agentName,
	ATTRIBUTE.backend,
	ATTRIBUTE.guest,
	ATTRIBUTE.provider,
	ATTRIBUTE.requestModel,
	ATTRIBUTE.serverAddress,
	ATTRIBUTE.serverPort,
]);
