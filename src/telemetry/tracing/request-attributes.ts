import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Usage } from "../../../generated/ir/types.ts";
import { ATTRIBUTE, operationName } from "../conventions.ts";
import { attributeText } from "../metrics/bounded-names.ts";
import type { UpstreamName } from "../upstreams.ts";
import type { TelemetryAttributes } from "./open-telemetry.ts";

/** Members of `params` of a chat request, and their attributes. */
const PARAMS: readonly (readonly [member: string, attribute: string])[] = [
	["temperature", ATTRIBUTE.temperature],
	["top_p", ATTRIBUTE.topP],
	["max_output_tokens", ATTRIBUTE.maxTokens],
	["seed", ATTRIBUTE.seed],
	["presence_penalty", ATTRIBUTE.presencePenalty],
	["frequency_penalty", ATTRIBUTE.frequencyPenalty],
	["reasoning_effort", ATTRIBUTE.reasoningLevel],
];

/** Largest number of stop sequences as an attribute. */
const MAX_STOPS = 16;

/** Returns the attributes of the span of a request. Holds no content. */
export function requestAttributes(request: UntypedRequestEnvelope, model: string | undefined, isStream: boolean): TelemetryAttributes {
	const attributes: TelemetryAttributes = {
		[ATTRIBUTE.operation]: operationName(request.operation),
		[ATTRIBUTE.requestId]: request.request_id,
	};
	if (model !== undefined) attributes[ATTRIBUTE.requestModel] = attributeText(model);
	if (isStream) attributes[ATTRIBUTE.requestStream] = true;
	const params = member(request.payload, "params");
	for (const [name, attribute] of PARAMS) {
		const value = member(params, name);
		if (typeof value === "number") attributes[attribute] = value;
		if (typeof value === "string") attributes[attribute] = attributeText(value);
	}
	const stop = member(params, "stop");
	if (isTextList(stop) && stop.length > 0) attributes[ATTRIBUTE.stopSequences] = stop.slice(0, MAX_STOPS).map(attributeText);
	return attributes;
}

/** Returns the attributes of an upstream. */
export function upstreamAttributes({ backend, provider, address, port }: UpstreamName): TelemetryAttributes {
	return {
		[ATTRIBUTE.backend]: backend,
		[ATTRIBUTE.provider]: provider,
		...(address === undefined ? {} : { [ATTRIBUTE.serverAddress]: address }),
		...(port === undefined ? {} : { [ATTRIBUTE.serverPort]: port }),
	};
}

/** Returns the attributes of a usage. */
export function usageAttributes(usage: Usage): TelemetryAttributes {
	const attributes: TelemetryAttributes = {};
	const set = (name: string, tokens: number | undefined): void => {
		if (tokens !== undefined) attributes[name] = tokens;
	};
	set(ATTRIBUTE.inputTokens, usage.input_tokens);
	set(ATTRIBUTE.outputTokens, usage.output_tokens);
	set(ATTRIBUTE.cacheReadTokens, usage.cached_input_tokens);
	set(ATTRIBUTE.cacheWriteTokens, usage.cache_write_tokens);
	set(ATTRIBUTE.reasoningTokens, usage.reasoning_tokens);
	return attributes;
}

/** Returns the attributes of an answer. Holds no content. */
export function responseAttributes(payload: object): TelemetryAttributes {
	const attributes: TelemetryAttributes = {};
	const id = member(payload, "id");
	const model = member(payload, "model");
	const reason = member(payload, "finish_reason");
	if (typeof id === "string") attributes[ATTRIBUTE.responseId] = attributeText(id);
	if (typeof model === "string") attributes[ATTRIBUTE.responseModel] = attributeText(model);
	if (typeof reason === "string") attributes[ATTRIBUTE.finishReasons] = [reason];
	return attributes;
}

/** Returns a member of a value that may be anything. */
export function member(value: unknown, name: string): unknown {
	if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
	return Reflect.get(value, name);
}

function isTextList(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}
