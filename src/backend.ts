/** The public surface of `spear-hostcall/backend`: everything that a backend kind outside this package needs. */

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
} from "./backends/backend.ts";
export { type BackendDefinition, type BackendInstance, defineBackend, type OperationDefinition } from "./backends/define-backend.ts";
export { type DiscoveredModel, MAX_MODEL_NAME, MAX_MODELS, type ProbeContext, type UpstreamProbes } from "./backends/discovery.ts";
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
export { SpearError, type SpearErrorOptions } from "./errors/spear-error.ts";
export type { HttpProxy, Network } from "./transport/network.ts";
