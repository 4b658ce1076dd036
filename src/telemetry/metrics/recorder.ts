import type { Usage } from "../../../generated/ir/types.ts";
import type { RouteDecision } from "../../router/decision/route-decision.ts";
import type { MirrorRecord } from "../../router/execution/mirroring.ts";
import type { RunEnd } from "../call-observer.ts";
import { NO_PROVIDER, operationName } from "../conventions.ts";
import type { UpstreamName } from "../upstreams.ts";
import { BoundedNames } from "./bounded-names.ts";
import { Metric, type SeriesAttributes } from "./metric.ts";
import type { AttributeValue, MetricDefinition } from "./metric-definition.ts";
import { METRICS } from "./metrics.ts";
import { type SeriesGroup, SeriesGroups } from "./series-groups.ts";

/** Numbers of guests and of models with values of their own, besides those of the configuration. */
const MAX_GUESTS = 200;
const MAX_MODELS = 100;

/** The modality of tokens, which no usage tells. */
const MODALITY = "unknown";

/** A request that has ended. */
export interface EndedRequest {
	/** Name of the operation in the host. */
	readonly operation: string;
	/** Name of the guest, as it is shown. */
	readonly guest: string;
	/** Model that the request names. `undefined` for none. */
	readonly model: string | undefined;
	/** Upstream that was chosen last. `undefined` for none. */
	readonly upstream: UpstreamName | undefined;
	readonly durationMs: number;
	/** Time to the first event of a stream. `undefined` without one. */
	readonly firstEventMs: number | undefined;
	/** `undefined` for a call that was refused before it was routed. */
	readonly decision: RouteDecision | undefined;
	/** Code of the error. `undefined` for a success. */
	readonly errorCode: string | undefined;
	/** `undefined` if none was reported. */
	readonly usage: Usage | undefined;
	/** Number of tool calls in the answer. */
	readonly toolCalls: number;
}

/** The end of a run, with the calls in it. */
export interface EndedRun extends RunEnd {
	/** Name of the guest, as it is shown. */
	readonly guest: string;
	/** Code of the error. `undefined` for a success. */
	readonly errorCode: string | undefined;
	/** Number of requests to models. */
	readonly requests: number;
	/** Number of tool calls that models have asked for. */
	readonly toolCalls: number;
}

/** Names that always have values of their own. */
export interface ConfiguredNames {
	readonly guests: Iterable<string>;
	readonly models: Iterable<string>;
}

type MetricName = keyof typeof METRICS;

/** Metrics whose attributes are those of the upstream. */
type UpstreamMetric =
	| "cacheReadTokens"
	| "cacheWriteTokens"
	| "embeddingsDuration"
	| "embeddingsInputTokens"
	| "inferenceDuration"
	| "inputTokens"
	| "outputTokens"
	| "reasoningTokens"
	| "requestInputTokens"
	| "requestOutputTokens"
	| "timePerOutputChunk"
	| "timeToFirstChunk";

/** Records the metrics of a host. The number of series is bounded, whatever names guests choose. */
export class MetricsRecorder {
	readonly #metrics: Readonly<Record<MetricName, Metric>>;
	readonly #guests = new BoundedNames(MAX_GUESTS);
	readonly #models = new BoundedNames(MAX_MODELS);

	readonly #guestSeries: SeriesGroups<"requests" | "cost" | "toolCalls">;
	readonly #attemptSeries: SeriesGroups<"attempts" | "attemptDuration">;
	readonly #upstreamSeries: SeriesGroups<UpstreamMetric>;

	/** @param common Attributes of every series. The default is none. */
	constructor(common: SeriesAttributes = {}) {
		const metrics = createMetrics(common);
		this.#metrics = metrics;
		this.#guestSeries = new SeriesGroups<"requests" | "cost" | "toolCalls">(metrics, ([operation, guest, backend, model, outcome]) => {
			const cost = [operation, guest, backend, model];
			return { requests: [...cost, outcome], cost, toolCalls: [guest, model] };
		});
		this.#attemptSeries = new SeriesGroups<"attempts" | "attemptDuration">(metrics, ([operation, backend, role, outcome]) => ({
			attempts: [operation, backend, role, outcome],
			attemptDuration: [operation, backend, outcome],
		}));
		this.#upstreamSeries = new SeriesGroups<UpstreamMetric>(metrics, upstreamAttributes);
	}

	/** All metrics. */
	get metrics(): readonly Metric[] {
		return Object.values(this.#metrics);
	}

	/** Replaces the names of the configuration. */
	configure({ guests, models }: ConfiguredNames): void {
		this.#guests.configure(guests);
		this.#models.configure(models);
	}

	/** Returns a guest's name as the value of an attribute. */
	guestValue(name: string): string {
		return this.#guests.value(name);
	}

	recordRequest(request: EndedRequest): void {
		const { upstream, errorCode, decision, usage } = request;
		const operation = operationName(request.operation);
		const guest = this.#guests.value(request.guest);
		// A name that no backend was tried with may be made up, and must not take the place of another.
		const model = this.#modelValue(request.model, upstream !== undefined);
		const ofGuest = this.#guestSeries.group([operation, guest, upstream?.backend, model, errorCode ?? "ok"]);
		ofGuest.add("requests", 1);
		if (decision === undefined) return;
		if (decision.cost !== undefined) ofGuest.add("cost", decision.cost);
		if (request.toolCalls > 0) ofGuest.add("toolCalls", request.toolCalls);
		for (const attempt of decision.attempts) {
			const series = this.#attemptSeries.group([operation, attempt.backend, attempt.role, attempt.failure ?? "ok"]);
			series.add("attempts", 1);
			series.record("attemptDuration", attempt.latency_ms / 1_000);
		}
		const ofUpstream = this.#upstreamSeries.group([...upstreamValues(operation, upstream, model), errorCode]);
		const seconds = request.durationMs / 1_000;
		if (request.firstEventMs !== undefined) ofUpstream.record("timeToFirstChunk", request.firstEventMs / 1_000);
		if (request.operation === "embeddings") {
			ofUpstream.record("embeddingsDuration", seconds);
			ofUpstream.record("embeddingsInputTokens", usage?.input_tokens ?? 0);
		} else {
			ofUpstream.record("inferenceDuration", seconds);
			if (usage !== undefined || request.operation === "chat_completions") recordTokens(ofUpstream, usage ?? {});
		}
	}

	/** Records the time between two events of a stream. */
	recordChunk(operation: string, upstream: UpstreamName | undefined, model: string | undefined, ms: number): void {
		const values = upstreamValues(operationName(operation), upstream, this.#modelValue(model, upstream !== undefined));
		this.#upstreamSeries.group([...values, undefined]).record("timePerOutputChunk", ms / 1_000);
	}

	recordRun({ guest, cpuMs, durationMs, errorCode, requests, toolCalls }: EndedRun): void {
		const name = this.#guests.value(guest);
		this.#metrics.runs.add(1, [name, errorCode ?? "ok"]);
		this.#metrics.runDuration.record(durationMs / 1_000, [name, errorCode]);
		this.#metrics.runCpuTime.add(cpuMs / 1_000, [name]);
		this.#metrics.runRequests.record(requests, [name]);
		this.#metrics.runToolCalls.record(toolCalls, [name]);
	}

	recordMirror({ operation, backend, failure }: MirrorRecord): void {
		this.#metrics.mirrored.add(1, [operationName(operation), backend, failure?.code ?? "ok"]);
	}

	/** @param failure Reason of the failure. `undefined` for a success. */
	recordStoreCall(name: string, durationMs: number, failure: string | undefined): void {
		this.#metrics.storeCallDuration.record(durationMs / 1_000, [name, failure ?? "ok"]);
	}

	#modelValue(model: string | undefined, isServed: boolean): string | undefined {
		return model === undefined ? undefined : this.#models.value(model, isServed);
	}
}

function createMetrics(common: SeriesAttributes): Record<MetricName, Metric> {
	const overflow = new Metric(METRICS.overflow, () => {}, common);
	const metric = (definition: MetricDefinition): Metric => new Metric(definition, () => overflow.add(1, [definition.name]), common);
	return {
		inferenceDuration: metric(METRICS.inferenceDuration),
		embeddingsDuration: metric(METRICS.embeddingsDuration),
		embeddingsInputTokens: metric(METRICS.embeddingsInputTokens),
		timeToFirstChunk: metric(METRICS.timeToFirstChunk),
		timePerOutputChunk: metric(METRICS.timePerOutputChunk),
		inputTokens: metric(METRICS.inputTokens),
		outputTokens: metric(METRICS.outputTokens),
		cacheReadTokens: metric(METRICS.cacheReadTokens),
		cacheWriteTokens: metric(METRICS.cacheWriteTokens),
		reasoningTokens: metric(METRICS.reasoningTokens),
		requestInputTokens: metric(METRICS.requestInputTokens),
		requestOutputTokens: metric(METRICS.requestOutputTokens),
		runDuration: metric(METRICS.runDuration),
		runRequests: metric(METRICS.runRequests),
		runToolCalls: metric(METRICS.runToolCalls),
		requests: metric(METRICS.requests),
		attempts: metric(METRICS.attempts),
		attemptDuration: metric(METRICS.attemptDuration),
		cost: metric(METRICS.cost),
		mirrored: metric(METRICS.mirrored),
		runs: metric(METRICS.runs),
		runCpuTime: metric(METRICS.runCpuTime),
		toolCalls: metric(METRICS.toolCalls),
		storeCallDuration: metric(METRICS.storeCallDuration),
		overflow,
	};
}

function upstreamValues(operation: string, upstream: UpstreamName | undefined, model: string | undefined): readonly AttributeValue[] {
	return [operation, upstream?.provider ?? NO_PROVIDER, model, upstream?.address, upstream?.port];
}

/** Returns the attributes of the metrics of an upstream. The last value is the error. */
function upstreamAttributes(failing: readonly AttributeValue[]): Readonly<Record<UpstreamMetric, readonly AttributeValue[]>> {
	const upstream = failing.slice(0, -1);
	const token = [...upstream, MODALITY];
	return {
		cacheReadTokens: token,
		cacheWriteTokens: token,
		embeddingsDuration: failing,
		embeddingsInputTokens: failing,
		inferenceDuration: failing,
		inputTokens: token,
		outputTokens: token,
		reasoningTokens: token,
		requestInputTokens: failing,
		requestOutputTokens: failing,
		timePerOutputChunk: upstream,
		timeToFirstChunk: upstream,
	};
}

/** By the conventions, a request without a usage counts as 0 tokens. */
function recordTokens(series: SeriesGroup<UpstreamMetric>, usage: Usage): void {
	const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
	series.add("inputTokens", input);
	series.add("outputTokens", output);
	if (usage.cached_input_tokens !== undefined) series.add("cacheReadTokens", usage.cached_input_tokens);
	if (usage.cache_write_tokens !== undefined) series.add("cacheWriteTokens", usage.cache_write_tokens);
	if (usage.reasoning_tokens !== undefined) series.add("reasoningTokens", usage.reasoning_tokens);
	series.record("requestInputTokens", input);
	series.record("requestOutputTokens", output);
}
