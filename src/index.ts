/** The public surface of `spear-hostcall`. */

export type * as cchat from "../generated/ir/cchat.ts";
export type { Config } from "../generated/ir/config.ts";
export type * as types from "../generated/ir/types.ts";
export { ConfigError } from "./config/config-error.ts";
export { GuestError, type GuestFailure } from "./errors/guest-error.ts";
export { type Attribution, type Processed, SpearError, type SpearErrorOptions } from "./errors/spear-error.ts";
export { Agent, AgentInstance, type RunOptions } from "./host/agent.ts";
export { createHost } from "./host/create-host.ts";
export type { BackendSummary, Host, HostOptions, LoadOptions, ReloadReport } from "./host/host.ts";
export type { RouteQuery } from "./host/route-query.ts";
export type { Consideration, RouteAttempt, RouteEvent, RouteExplanation } from "./router/decision/explanation.ts";
export type { RouteDecision } from "./router/decision/route-decision.ts";
export type { HostEvent, HostEventListener } from "./telemetry/host-event.ts";
export type { Logger, LogLevel } from "./telemetry/logger.ts";
