/** Names of the admin API in words. */

import type { ErrorCode, RejectionReason } from "../../../../../generated/ir/types.ts";
import type { Backend, BackendChanged, BackendHealth, DecisionAttempt, DecisionEvent, LimitState } from "../../../admin/api.ts";

/** A name of the API as words: `chat_completions` becomes `chat completions`. */
export function inWords(name: string): string {
	return name.replaceAll("_", " ");
}

export const HEALTH_WORDS: Readonly<Record<BackendHealth, string>> = {
	healthy: "healthy",
	degraded: "degraded",
	unavailable: "unavailable",
	draining: "draining",
	disabled: "disabled",
};

export const REJECTION_WORDS: Readonly<Record<RejectionReason, string>> = {
	operation: "does not serve the operation",
	feature: "lacks a required feature",
	transport: "lacks a required transport",
	model: "does not serve the model",
	degradation: "would change a field in a way that the policy forbids",
	limit: "the request exceeds a size limit",
	not_allowed: "an allow list omits the backend",
	denied: "a deny list names the backend, or its weight is 0",
	no_key: "no usable API key",
	unhealthy: "its breaker is open, or it is ejected",
	saturated: "at its limit of concurrent requests",
	rate_limited: "its rate limit is used up",
	already_tried: "failed earlier in this request",
};

export const ERROR_WORDS: Readonly<Record<ErrorCode, string>> = {
	invalid_request: "invalid request",
	missing_capabilities: "missing capabilities",
	no_candidate_backend: "no candidate backend",
	backend_not_enabled: "backend not enabled",
	rate_limited: "rate limited",
	timeout: "timeout",
	backend_error: "backend error",
	cancelled: "cancelled",
	not_permitted: "not permitted",
	internal: "internal fault",
};

export const ROLE_WORDS: Readonly<Record<DecisionAttempt["role"], string>> = {
	first: "first attempt",
	fallback: "fallback",
	retry: "retry",
	hedge: "hedge",
};

export const EVENT_WORDS: Readonly<Record<DecisionEvent["type"], string>> = {
	queued: "waited for a backend",
	backed_off: "paused before a retry",
	limited: "a limit was used up",
	key_rejected: "an API key was rejected",
	key_cooldown: "an API key cools down",
	breaker_opened: "the breaker opened",
	recovered: "recovered",
	ejected: "ejected",
	hedge_denied: "a hedge was denied: its budget is used up",
	mirrored: "a copy was sent",
};

export const CHANGE_WORDS: Readonly<Record<BackendChanged["change"], string>> = {
	breaker_opened: "breaker opened",
	recovered: "recovered",
	ejected: "ejected",
	key_rejected: "key rejected",
	key_cooldown: "key cools down",
	enabled: "enabled",
	disabled: "disabled",
	drain_started: "drain started",
	drain_ended: "drain ended",
	weight_changed: "weight changed",
};

export const LIMIT_WORDS: Readonly<Record<LimitState["kind"], string>> = {
	requests_per_second: "requests / s",
	requests_per_minute: "requests / min",
	tokens_per_minute: "tokens / min",
	concurrency: "concurrent",
	budget_per_hour: "budget / hour",
	budget_per_day: "budget / day",
	budget_per_month: "budget / month",
};

/** Name of a guest. The embedder's own requests have none. */
export function guestName(name: string): string {
	return name === "" ? "embedder" : name;
}

/** Sentence on the health of a backend, for its title and for screen readers. */
export function healthSentence({ name, health, operations }: Pick<Backend, "name" | "health" | "operations">): string {
	const unavailable = operations.filter(({ available }) => !available).map(({ operation }) => inWords(operation));
	const detail = health === "degraded" && unavailable.length > 0 ? `: no ${unavailable.join(", ")}` : "";
	return `${name} is ${HEALTH_WORDS[health]}${detail}`;
}
