/** The public surface of `spear-hostcall`. */
import "./runtime/require-node.ts";

export type * as asr from "../generated/ir/asr.ts";
export type * as cchat from "../generated/ir/cchat.ts";
export type { Config } from "../generated/ir/config.ts";
export type * as emb from "../generated/ir/emb.ts";
export type { AnyResponseEnvelope, RequestEnvelope, RequestSize, ResponseEnvelope } from "../generated/ir/envelope.ts";
export type * as img from "../generated/ir/img.ts";
export type * as media from "../generated/ir/media.ts";
export { FEATURES, type Feature, OPERATIONS, type Operation, type OperationMap, type Transport } from "../generated/ir/operations.ts";
export type * as rt from "../generated/ir/rt.ts";
export type * as tts from "../generated/ir/tts.ts";
export type * as types from "../generated/ir/types.ts";
export type { BackendKind } from "./backends/backend.ts";
export type { DiscoveredModel } from "./backends/discovery.ts";
export type { FollowedStep } from "./cluster/follow/step-reader.ts";
export type { ConfigState, HostCard, HostLoad, HostState, ImpairedBackend, NamedAmount } from "./cluster/host-card.ts";
export type { HostList, KnownHost } from "./cluster/membership/known-hosts.ts";
export type { HostFault } from "./cluster/membership/messages.ts";
export { type ReloadEnd, type ReloadStep, RolledReloadError } from "./cluster/membership/rolled-reload.ts";
export type { RunFailure } from "./cluster/run-contents/run-failure.ts";
export type { AttemptReason, StepEvent } from "./cluster/run-contents/run-step.ts";
export type { RunCounts, RunState } from "./cluster/runs.ts";
export type { ConnectionState } from "./cluster/store-connection.ts";
export type { WorkCounts } from "./cluster/work/run-worker.ts";
export type { WorkAgent } from "./cluster/work/work-agents.ts";
export { ConfigError, type ConfigFault } from "./config/config-error.ts";
export type { Attribution, Processed } from "./errors/code-defaults.ts";
export type { ErrorReason } from "./errors/error-reason.ts";
export { GuestError, type GuestFailure } from "./errors/guest-error.ts";
export { SpearError, type SpearErrorOptions } from "./errors/spear-error.ts";
export { Agent, type RunOptions } from "./host/agent.ts";
export { AgentInstance } from "./host/agent-instance.ts";
export type { BackendDiff } from "./host/backend-set.ts";
export type { BackendCheck, CheckFault, CheckOptions } from "./host/check/backend-check.ts";
export type {
	ClientCallOptions,
	ClientOptions,
	ClientResponse,
	ClientSession,
	HostClient,
	StreamOperation,
	UnaryOperation,
} from "./host/client.ts";
export type { ClusterControl, ClusterReloadOptions, ClusterStatus } from "./host/cluster/cluster-control.ts";
export { createHost } from "./host/create-host.ts";
export type { BackendSummary, EventSource, Host, HostOptions, LoadOptions } from "./host/host.ts";
export type { AnswerValidator } from "./host/json-answer.ts";
export type { GuestMemory, MemoryReport } from "./host/memory-report.ts";
export type { ReloadReport } from "./host/reload-report.ts";
export type { RouteQuery } from "./host/route-query.ts";
export type { Run } from "./host/run.ts";
export type { RunDecision } from "./host/run-record.ts";
export type { HostRuns, RunListOptions, RunSteps } from "./host/runs/host-runs.ts";
export type { HostWorker, WorkerOptions, WorkSource } from "./host/runs/host-worker.ts";
export type { ReadOptions } from "./host/runs/run-access.ts";
export type { RunDetails, RunInfo } from "./host/runs/run-info.ts";
export type { SubmitOptions } from "./host/runs/submit-options.ts";
export type { SubmittedRunHandle } from "./host/runs/submitted-run-handle.ts";
export type { NameDiff, SettingsDiff } from "./host/settings-diff.ts";
export type { AttemptCounts, LatencyQuantiles } from "./host/status/attempt-meter.ts";
export type { BackendHealth, BackendStatus, KeyStatus, OperationStatus } from "./host/status/backend-status.ts";
export type { BackendChange, HostActivity, HostActivityListener } from "./host/status/host-activity.ts";
export type { GuestStatus, HostStatus } from "./host/status/host-status.ts";
export type { RequestTotals } from "./host/status/request-totals.ts";
export type { HostMetrics, TelemetryHostOptions } from "./host/telemetry/telemetry-options.ts";
export type { UserOptions } from "./host/user-side.ts";
export type { Microphone, MicrophoneSound } from "./hostcall/core/mic/microphone.ts";
export { decodeFrame, encodeFrame, type Frame, FrameType } from "./hostcall/core/user-stream/frame.ts";
export { UserStreams } from "./hostcall/core/user-stream/user-streams.ts";
export type { RunOutput } from "./hostcall/emitted.ts";
export type { AccountUse, MemoryKind } from "./memory/memory-kinds.ts";
export type { AnyRequestEnvelope } from "./operations/any-request.ts";
export type { ObservedDecision } from "./router/decision/decision-observers.ts";
export type { Consideration, RouteAttempt, RouteEvent, RouteExplanation } from "./router/decision/explanation.ts";
export type { AttemptOutcome, RouteDecision } from "./router/decision/route-decision.ts";
export type { LimitStatus } from "./router/limits/limit-status.ts";
export type { Charge, LimitStore, Refusal, Reservation } from "./router/limits/limit-store.ts";
export type { BackendOverride } from "./router/overrides.ts";
export type {
	HostEvent,
	HostEventListener,
	LogEvent,
	OutputEvent,
	RequestEvent,
	ResponseEvent,
	RunEndedEvent,
	SessionFailedEvent,
	StreamedEvent,
	ToolCallEvent,
} from "./telemetry/host-event.ts";
export type { Logger, LogLevel } from "./telemetry/logger.ts";
export type { HttpProxy, Network } from "./transport/network.ts";
