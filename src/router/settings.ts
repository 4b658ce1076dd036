import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { BackoffSettings } from "./resilience/backoff.ts";
import type { BreakerSettings } from "./resilience/circuit-breaker.ts";
import type { EjectionSettings } from "./resilience/outlier-ejection.ts";

/** Settings for requests of all operations. */
export interface RouterSettings {
	/** Limit of attempts per request, the first and its hedges included. */
	readonly maxAttempts: number;
	/** Permitted differences between a request and its treatment by a backend. */
	readonly degradation: types.Degradation;
	readonly backoff: BackoffSettings;
	/** Retries at instances that were tried already, as a ratio of requests. From 0 to 1. */
	readonly retryRatio: number;
	/** Longest time that a request waits for an instance, in milliseconds. */
	readonly queueTimeoutMs: number;
	/** Limit of requests that wait for an instance. */
	readonly maxPendingRequests: number;
	/** Length of the slow start of a recovered instance, in milliseconds. 0 for none. */
	readonly slowStartMs: number;
	readonly breaker: BreakerSettings;
	readonly ejection: EjectionSettings;
	/** `ratio`: share of the decisions that are kept, from 0 to 1; failures are always kept. `capacity`: limit of kept decisions. */
	readonly decisionLog: { readonly ratio: number; readonly capacity: number };
}

/** Lists that restrict the instances of an operation. Each owner's lists narrow those of the owner before: host, guest, request. */
export interface RoutePolicy {
	/** Names of the only instances that may serve it. Absent for all. */
	readonly allow?: readonly string[] | undefined;
	/** Names of instances that never serve it. Absent for none. */
	readonly deny?: readonly string[] | undefined;
}

/** Settings for requests of one operation. */
export interface RouteSettings extends RoutePolicy {
	/** The default is that of `DEFAULT_POLICIES`. */
	readonly policy?: types.Policy;
	/** Policies that a request may choose instead. The default is none. */
	readonly requestPolicies?: readonly types.Policy[];
	/** Permitted differences between a request and its treatment by a backend. The default is that of the router. */
	readonly degradation?: types.Degradation;
	/**
	 * The host's maximum for the deadline of a request, in milliseconds. A request with this deadline that gets no output counts against its
	 * backend. The default is no maximum.
	 */
	readonly timeoutMs?: number;
	/** Longest wait for the first output of an attempt, in milliseconds. The default is no limit. */
	readonly firstEventTimeoutMs?: number;
	/** Longest time between two events of a stream, in milliseconds. The default is no limit. */
	readonly idleTimeoutMs?: number;
	/** The default is that of the router. */
	readonly maxAttempts?: number;
	/** True if a request may be sent again although the upstream may have processed it. The default is that of `IDEMPOTENT`. */
	readonly idempotent?: boolean;
	/** True to prefer the instance that served a session last. The default is true. */
	readonly affinity?: boolean;
	/** Limit of concurrent requests over all instances. The default is no limit. */
	readonly concurrency?: number;
	/** The default is no hedging. */
	readonly hedge?: HedgeSettings;
	/** The default is no mirror. */
	readonly mirror?: MirrorSettings;
}

export interface HedgeSettings {
	/** Limit of attempts that start side by side, the first included. */
	readonly attempts: number;
	/** Time without an output after which the next attempt starts: in milliseconds, or as a quantile (0 to 1) of the times until first outputs. */
	readonly after: { readonly delayMs: number } | { readonly quantile: number };
	/** Hedges as a ratio of requests. From 0 to 1. */
	readonly ratio: number;
}

export interface MirrorSettings {
	/** Name of the instance that gets the copies. */
	readonly backend: string;
	/** Share of the requests that are copied. From 0 to 1. */
	readonly ratio: number;
	/** Limit of copies in flight. Further ones are left out. */
	readonly concurrency: number;
	/** Limit of copies per minute. */
	readonly requestsPerMinute: number;
	/** Limit of the copies' cost per day (UTC), in the currency of the prices. The default is no limit. */
	readonly budgetPerDay?: number;
}

/** Limits and settings of one guest. An absent limit is no limit. */
export interface GuestSettings {
	readonly requestsPerSecond?: number;
	readonly requestsPerMinute?: number;
	/** Input and output tokens together. */
	readonly tokensPerMinute?: number;
	/** Limit of requests, streams and sessions in flight. */
	readonly concurrency?: number;
	/** Limit of the cost per period (UTC), in the currency of the prices. */
	readonly budget?: { readonly amount: number; readonly per: "hour" | "day" | "month" };
	/** Settings by operation. */
	readonly routes: ReadonlyMap<Operation, GuestRoute>;
}

/** Settings for one operation of one guest. Lists narrow those of the host; policies and the degradation replace them. */
export type GuestRoute = RoutePolicy & Pick<RouteSettings, "policy" | "requestPolicies" | "degradation">;

export const DEFAULT_ROUTER: RouterSettings = {
	maxAttempts: 3,
	degradation: "declared",
	backoff: { baseMs: 200, maxMs: 5_000 },
	retryRatio: 0.2,
	queueTimeoutMs: 2_000,
	maxPendingRequests: 1_000,
	slowStartMs: 10_000,
	breaker: { consecutiveFailures: 5, baseOpenMs: 5_000, maxOpenMs: 60_000 },
	ejection: { intervalMs: 10_000, minRequests: 20, errorRatio: 0.5, latencyFactor: 5, baseEjectionMs: 30_000, maxEjectionRatio: 0.5 },
	decisionLog: { ratio: 0.1, capacity: 256 },
};

/** Default policies by operation; `round_robin` for operations without an entry. */
export const DEFAULT_POLICIES: { readonly [O in Operation]?: types.Policy } = {
	chat_completions: "ewma_latency",
	embeddings: "weighted_round_robin",
	image_generation: "priority",
	realtime_voice: "least_inflight",
	speech_to_text: "least_inflight",
	text_to_speech: "weighted_round_robin",
};

/**
 * Operations whose requests may be sent again although the upstream may have processed them: a second answer costs little. An image that
 * is made twice is paid for twice. An operation without an entry is not idempotent.
 */
export const IDEMPOTENT: ReadonlySet<Operation> = new Set([
	"chat_completions",
	"embeddings",
	"realtime_voice",
	"speech_to_text",
	"text_to_speech",
]);
