import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { BackoffSettings } from "./resilience/backoff.ts";
import type { BreakerSettings } from "./resilience/circuit-breaker.ts";
import type { EjectionSettings } from "./resilience/outlier-ejection.ts";

/** What holds for every request, whatever its operation. */
export interface RouterSettings {
	/** Attempts one request may make, the first included. */
	readonly maxAttempts: number;
	readonly backoff: BackoffSettings;
	/** Repetitions at a backend already tried, in relation to requests. */
	readonly retryRatio: number;
	/** How long a request waits for a place when every suitable backend is busy or out, in milliseconds. */
	readonly queueTimeoutMs: number;
	/** Requests that may wait for a place at a time. */
	readonly maxPendingRequests: number;
	readonly slowStartMs: number;
	readonly breaker: BreakerSettings;
	readonly ejection: EjectionSettings;
	/** Part of the decisions that are kept, and how many of the last ones. */
	readonly decisionLog: { readonly ratio: number; readonly capacity: number };
}

/** The host's restrictions for an operation. A request can narrow them, never widen them. */
export interface RoutePolicy {
	readonly allow?: readonly string[] | undefined;
	readonly deny?: readonly string[] | undefined;
}

/** Choices for one operation. What is absent has its default. */
export interface RouteSettings extends RoutePolicy {
	readonly policy?: types.Policy;
	/** Policies a request may ask for instead. */
	readonly requestPolicies?: readonly types.Policy[];
	/** The longest that the host lets a request take, in milliseconds. One that has had so long and got nothing speaks against its backend. */
	readonly timeoutMs?: number;
	/** Longest wait for the first output of an attempt, in milliseconds. */
	readonly firstEventTimeoutMs?: number;
	/** Longest silence between two pieces of a stream, in milliseconds. */
	readonly idleTimeoutMs?: number;
	readonly maxAttempts?: number;
	/** Whether a request whose fate is unknown may be sent again. */
	readonly idempotent?: boolean;
	/** Keep requests of one session key at the backend that served the last. */
	readonly affinity?: boolean;
	/** At a time, over all backends. */
	readonly concurrency?: number;
	readonly hedge?: HedgeSettings;
	readonly mirror?: MirrorSettings;
}

export interface HedgeSettings {
	/** Attempts that may run side by side, the first included. */
	readonly attempts: number;
	/** When the next begins: after so many milliseconds, or at a quantile of the times answers took to begin. */
	readonly after: { readonly delayMs: number } | { readonly quantile: number };
	/** Hedges in relation to requests. */
	readonly ratio: number;
}

export interface MirrorSettings {
	/** Name of the instance that gets the copies. */
	readonly backend: string;
	/** Part of the requests that are copied. */
	readonly ratio: number;
	readonly concurrency: number;
	readonly requestsPerMinute: number;
	/** Most that copies may cost a day, where prices are configured. */
	readonly budgetPerDay?: number;
}

/** What one guest may do; what is absent is not bounded. */
export interface GuestSettings {
	readonly requestsPerMinute?: number;
	readonly tokensPerMinute?: number;
	readonly concurrency?: number;
	readonly budget?: { readonly amount: number; readonly per: "hour" | "day" | "month" };
	readonly routes: ReadonlyMap<Operation, GuestRoute>;
}

/** Choices for one operation of one guest: lists narrow those for all, a policy replaces. */
export type GuestRoute = RoutePolicy & Pick<RouteSettings, "policy" | "requestPolicies">;

export const DEFAULT_ROUTER: RouterSettings = {
	maxAttempts: 3,
	backoff: { baseMs: 200, maxMs: 5_000 },
	retryRatio: 0.2,
	queueTimeoutMs: 2_000,
	maxPendingRequests: 1_000,
	slowStartMs: 10_000,
	breaker: { consecutiveFailures: 5, baseOpenMs: 5_000, maxOpenMs: 60_000 },
	ejection: { intervalMs: 10_000, minRequests: 20, errorRatio: 0.5, latencyFactor: 5, baseEjectionMs: 30_000, maxEjectionRatio: 0.5 },
	decisionLog: { ratio: 0.1, capacity: 256 },
};

/** How one of several suitable instances is picked, unless the configuration says otherwise; `round_robin` for what is not listed. */
export const DEFAULT_POLICIES: { readonly [O in Operation]?: types.Policy } = {
	chat_completions: "ewma_latency",
	embeddings: "weighted_round_robin",
	image_generation: "priority",
	realtime_voice: "least_inflight",
	speech_to_text: "least_inflight",
	text_to_speech: "weighted_round_robin",
};

/**
 * Operations of which a request may be repeated although it may have been served: it does no harm beyond its cost. An image made twice is paid for
 * twice, and of what is not listed nobody has judged.
 */
export const IDEMPOTENT: ReadonlySet<Operation> = new Set([
	"chat_completions",
	"embeddings",
	"realtime_voice",
	"speech_to_text",
	"text_to_speech",
]);
