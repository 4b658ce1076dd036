import type * as types from "../../../../generated/ir/types.ts";
import { SpearError, type SpearErrorOptions } from "../../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../../src/identity/guest-identity.ts";
import type { ObservedDecision } from "../../../../src/router/decision/decision-observers.ts";
import type { RouteAttempt } from "../../../../src/router/decision/explanation.ts";
import { decisionOf } from "../../../../src/serve/admin/activity/decision-of.ts";
import type { Decision } from "../../../../src/serve/admin/api.ts";

export interface ConcludedOptions {
	readonly id?: string;
	readonly sequence?: number;
	readonly guest?: string;
	readonly endedAtMs?: number;
	/** Backends of the attempts. All but the last fail. The default is one. */
	readonly attempts?: readonly string[];
	readonly usage?: types.Usage;
	readonly cost?: number;
	/** Error of the request, which is that of the last attempt too. */
	readonly error?: SpearError;
}

/** Returns a decision as an observer receives it, and as the admin API shows it. */
export function concluded(options: ConcludedOptions = {}): { readonly observed: ObservedDecision; readonly decision: Decision } {
	const { id = "r1", sequence = 1, guest = "shop", endedAtMs = 1_000_000, attempts: names = ["a"], usage, cost, error } = options;
	const failure = failed("backend_error", "the backend is down");
	const errors = names.map((_, index) => (index < names.length - 1 ? failure : error));
	const attempts = names.map((backend, index): RouteAttempt => {
		const ended = errors[index];
		return {
			backend,
			latency_ms: 10,
			role: index === 0 ? "first" : "fallback",
			start_ms: 10 * index,
			...(ended === undefined ? { first_output_ms: 5 } : { failure: ended.code, detail: ended.message }),
		};
	});
	const chosen = names.at(-1);
	const explanation = {
		operation: "chat_completions",
		required_features: [],
		required_transports: [],
		candidates_checked: names.length,
		eligible: [...names],
		rejected: [],
		policy: "round_robin",
		attempts,
		considered: [],
		events: [],
	};
	const observed: ObservedDecision = {
		decision: {
			type: "decision",
			requestId: id,
			operation: "chat_completions",
			attempts,
			outcomes: names.map((backend, index) => {
				const ended = errors[index];
				return { backend, ...(ended === undefined ? {} : { error: ended }) };
			}),
			explanation,
			...(chosen === undefined ? {} : { chosen }),
			...(usage === undefined ? {} : { usage }),
			...(cost === undefined ? {} : { cost }),
			...(error === undefined ? {} : { error }),
		},
		operation: "chat_completions",
		guest: guestIdentity(guest),
		startedAtMs: endedAtMs - 20,
		endedAtMs,
		explanation,
		isEvaluated: true,
	};
	return { observed, decision: decisionOf(observed, sequence) };
}

export function failed(code: types.ErrorCode, message: string, options: SpearErrorOptions = {}): SpearError {
	return new SpearError(code, message, options);
}
