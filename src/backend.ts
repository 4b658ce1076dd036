/** The public surface of `spear-hostcall/backend`: everything that a backend kind outside this package needs. */
import "./runtime/require-node.ts";

export type { BackendContext, BackendMedia, MediaContent, StoredMedia } from "../generated/backends/backend.ts";
export type { OperationBackends } from "../generated/backends/operations.ts";
export type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../generated/backends/realtime-voice.ts";
export type * as asr from "../generated/ir/asr.ts";
export type * as cchat from "../generated/ir/cchat.ts";
export type * as emb from "../generated/ir/emb.ts";
export type { RequestEnvelope, ResponseEnvelope } from "../generated/ir/envelope.ts";
export type { OperationField, OperationFields } from "../generated/ir/fields/operations.ts";
export type * as img from "../generated/ir/img.ts";
export { FEATURES, type Feature, OPERATIONS, type Operation, type OperationMap, type Transport } from "../generated/ir/operations.ts";
export type * as rt from "../generated/ir/rt.ts";
export type * as tts from "../generated/ir/tts.ts";
export type * as types from "../generated/ir/types.ts";
export {
	type Backend,
	BackendConfigError,
	type BackendConfigFault,
	type BackendKind,
	type InstanceConfig,
	type ModelConfig,
	type OperationCapabilities,
	type ReadVariable,
} from "./backends/backend.ts";
export { type BackendDefinition, type BackendInstance, defineBackend, type OperationDefinition } from "./backends/define-backend.ts";
export { type DiscoveredModel, MAX_MODEL_NAME, MAX_MODELS, type ProbeContext, type UpstreamProbes } from "./backends/discovery.ts";
export { authHeaders, contextHeaders } from "./backends/kit/auth.ts";
export { type AnswerBlock, type AnswerContext, type AnswerEnd, chatResponse } from "./backends/kit/chat/answer.ts";
export { AnswerCollector } from "./backends/kit/chat/answer-collector.ts";
export { CallIds } from "./backends/kit/chat/call-ids.ts";
export { withSchemaByTool } from "./backends/kit/chat/emulate/schema-by-tool.ts";
export { type StopSequencesOptions, withStopSequences } from "./backends/kit/chat/emulate/stop-sequences.ts";
export { withoutSystemRole } from "./backends/kit/chat/emulate/system-role.ts";
export { withToolsByPrompt } from "./backends/kit/chat/emulate/tools-by-prompt.ts";
export { withMedia } from "./backends/kit/chat/media.ts";
export { RequestDowngrades } from "./backends/kit/chat/request-downgrades.ts";
export { type EndpointOptions, readEndpoint } from "./backends/kit/endpoint-options.ts";
export { type ChatCall, type ChatProtocol, chatOverHttp } from "./backends/kit/http/chat-over-http.ts";
export type { StreamedChat } from "./backends/kit/http/chat-stream.ts";
export type { ErrorMeaning, ErrorRow } from "./backends/kit/http/error-table.ts";
export { type ErrorDialect, type VendorError, VendorErrors } from "./backends/kit/http/vendor-errors.ts";
export { isObject, type JsonObject } from "./backends/kit/json/guards.ts";
export { upstreamModel } from "./backends/kit/models.ts";
export { OptionReader } from "./backends/kit/option-reader.ts";
export type {
	ReferenceRule,
	RootRule,
	SchemaBounds,
	SchemaDialect,
	UnionRule,
	ValueKind,
	VendorDialects,
} from "./backends/kit/schema/dialect.ts";
export { type LoweredSchema, type LowerSchemaOptions, lowerSchema, type SchemaDowngrade } from "./backends/kit/schema/lower-schema.ts";
export { RequestSchemas } from "./backends/kit/schema/request-schemas.ts";
export { type SchemaRules, schemaRules } from "./backends/kit/schema/rules.ts";
export { withoutSsml } from "./backends/kit/speech/without-ssml.ts";
export { offeredFeatures } from "./backends/offered-features.ts";
export { allPass, type RuleGroups, ruleGroups } from "./backends/rule-groups.ts";
export {
	type ConditionalRule,
	type DropRule,
	drop,
	type EmulateRule,
	emulate,
	type FieldRule,
	type FieldRules,
	type FixedRule,
	type MapRule,
	map,
	type PassRule,
	pass,
	possibleRules,
	type RejectRule,
	reject,
	ruleFor,
	type Treatment,
	when,
} from "./backends/rules.ts";
export type { Attribution, Processed } from "./errors/code-defaults.ts";
export { abortError, cancelledError, SpearError, type SpearErrorOptions } from "./errors/spear-error.ts";
export type { BytesAnswer, JsonAnswer, JsonTextAnswer, StreamedEvent } from "./transport/http/answer.ts";
export { HttpClient } from "./transport/http/client.ts";
export type { Exchange } from "./transport/http/exchange.ts";
export { malformedError, truncatedError } from "./transport/http/failure.ts";
export type { MultipartPart } from "./transport/http/multipart.ts";
export { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type HttpLimits, type HttpOptions, type HttpRequest } from "./transport/http/options.ts";
export { type StatusFailure, statusError } from "./transport/http/status-error.ts";
export type { HttpProxy, Network } from "./transport/network.ts";
export type { BackendTimeouts } from "./transport/timeouts.ts";
