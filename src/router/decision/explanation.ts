import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { requestedModel } from "../eligibility/requested-model.ts";

/** What led to an attempt. */
export type AttemptRole =
	| "first"
	/** Another instance, after one failed. */
	| "fallback"
	/** The same instance, or one tried before, after all failed. */
	| "retry"
	/** A further one beside those under way, because no answer had begun. */
	| "hedge";

/** One attempt, with what only the host is to know of it. */
export interface RouteAttempt extends types.Attempt {
	readonly role: AttemptRole;
	/** When it began, in milliseconds since the request reached the router. */
	readonly start_ms: number;
	/** Until its first output, in milliseconds; absent when there was none. */
	readonly first_output_ms?: number;
	/** Which of the instance's keys it used, from 1; absent for an instance with one or none. */
	readonly key?: number;
}

/** An instance that the policy looked at, with its signals at that moment. */
export interface Consideration {
	readonly backend: string;
	/** By what the policy judged it, the lower the better; absent where it keeps no score. */
	readonly score?: number;
	readonly in_flight: number;
	/** Its latency until the first output, by the peak-sensitive average, in milliseconds; absent when never measured. */
	readonly latency_ms?: number;
}

/** Something the router did besides attempts. */
export interface RouteEvent {
	/** Milliseconds since the request reached the router. */
	readonly at_ms: number;
	readonly type:
		| "queued"
		| "backed_off"
		| "limited"
		| "key_rejected"
		| "key_cooldown"
		| "breaker_opened"
		| "recovered"
		| "ejected"
		| "hedge_denied"
		| "mirrored";
	/** The instance it is about, if it is about one. */
	readonly backend?: string;
	/** e.g. how long. */
	readonly detail?: string;
}

/** The router's account of one decision as the host sees it. What of it guests may see is in {@link types.Explanation}. */
export interface RouteExplanation extends types.Explanation {
	attempts: RouteAttempt[];
	/** What the policy looked at, for each attempt in order. */
	considered: Consideration[];
	events: RouteEvent[];
	/** Tokens of the answer, when reported. */
	usage?: types.Usage;
	/** What the answer has cost, in the currency of the prices; absent when that is not known. */
	cost?: number;
}

/** Instances by what became of them in a decision: each is in exactly one of the two. */
export interface EligibilityReport {
	/** In order of preference. */
	readonly eligible: readonly string[];
	readonly rejected: readonly types.Rejection[];
}

/** The record of one decision while it is being made; `snapshot` is what errors and observers get. */
export class Decision {
	readonly attempts: RouteAttempt[] = [];
	readonly considered: Consideration[] = [];
	readonly events: RouteEvent[] = [];
	readonly policy: types.Policy;
	usage: types.Usage | undefined;
	cost: number | undefined;
	readonly #request: UntypedRequestEnvelope;
	readonly #judge: (chosen: readonly string[]) => EligibilityReport;
	#chosen: string[] = [];
	/** Instances whose rates do not allow this very request, by name. */
	readonly #refused = new Map<string, types.Rejection>();
	#verdicts: EligibilityReport | undefined;

	/**
	 * @param judge Says of every instance what became of it, as things stand when it is called. It looks at all of them, so it is called once, when
	 * somebody wants to know.
	 */
	constructor(request: UntypedRequestEnvelope, policy: types.Policy, judge: (chosen: readonly string[]) => EligibilityReport) {
		this.#request = request;
		this.policy = policy;
		this.#judge = judge;
	}

	get chosen(): string | undefined {
		return this.#chosen.at(-1);
	}

	choose(name: string): void {
		this.#chosen.push(name);
		this.#refused.delete(name);
		const known = this.#verdicts;
		if (known === undefined || known.eligible.includes(name)) return;
		this.#verdicts = { eligible: [...known.eligible, name], rejected: known.rejected.filter(({ backend }) => backend !== name) };
	}

	/** The one chosen last was refused before anything was asked of it. */
	refuse(rejection: types.Rejection): void {
		const at = this.#chosen.lastIndexOf(rejection.backend);
		if (at !== -1) this.#chosen.splice(at, 1);
		if (!this.attempts.some(({ backend }) => backend === rejection.backend)) this.#refused.set(rejection.backend, rejection);
	}

	/** Has every instance judged now, for an account of this very moment. */
	capture(): void {
		this.#verdicts ??= this.#judge([...new Set(this.#chosen)]);
	}

	snapshot(): RouteExplanation {
		this.capture();
		const { operation, requirements } = this.#request;
		const verdicts = this.#verdicts;
		const refused = [...this.#refused.values()].filter(({ backend }) => verdicts?.eligible.includes(backend));
		const eligible = (verdicts?.eligible ?? []).filter((name) => !this.#refused.has(name));
		const rejected = [...(verdicts?.rejected ?? []), ...refused];
		const model = requestedModel(this.#request);
		return {
			operation,
			...(model === undefined ? {} : { model }),
			required_features: [...requirements.required_features],
			required_transports: [...requirements.required_transports],
			candidates_checked: eligible.length + rejected.length,
			eligible: [...eligible],
			rejected: [...rejected],
			policy: this.policy,
			...(this.chosen === undefined ? {} : { chosen: this.chosen }),
			attempts: [...this.attempts],
			considered: [...this.considered],
			events: [...this.events],
			...(this.usage === undefined ? {} : { usage: this.usage }),
			...(this.cost === undefined ? {} : { cost: this.cost }),
		};
	}
}

/** Reasons that pass by themselves, so that the same request may succeed later. */
const PASSING: ReadonlySet<types.RejectionReason> = new Set(["unhealthy", "saturated", "rate_limited"]);

/** How many instances a message names; the explanation names all. */
const NAMED = 8;

/**
 * Why no instance is left. Capabilities are to blame when every instance that serves the operation lacks a feature or a transport;
 * when all that is left is busy, the call may be repeated.
 *
 * @param retryAfterMs When that may be of use, if it is known.
 */
export function noCandidate(explanation: types.Explanation, retryAfterMs?: number): SpearError {
	const { operation, rejected } = explanation;
	const serving = rejected.filter((entry) => entry.reason !== "operation" || entry.detail !== operation);
	const lacking = serving.filter((entry) => entry.reason === "feature" || entry.reason === "transport");
	const details = { operation, explanation };
	if (serving.length > 0 && lacking.length === serving.length) {
		const missing = [...new Set(lacking.map((entry) => entry.detail ?? entry.reason))];
		return new SpearError("missing_capabilities", `no backend for ${operation} offers ${missing.join(", ")}`, details);
	}
	const reasons = rejected
		.slice(0, NAMED)
		.map((entry) => `${entry.backend}: ${entry.reason}${entry.detail === undefined ? "" : ` (${entry.detail})`}`);
	if (rejected.length > NAMED) reasons.push(`and ${rejected.length - NAMED} more`);
	const summary = reasons.length === 0 ? "the host has none configured" : reasons.join("; ");
	const passing = rejected.filter(({ reason }) => PASSING.has(reason));
	const message = `no backend can serve ${operation}${passing.length > 0 ? " now" : ""}: ${summary}`;
	const retry = { retryable: passing.length > 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
	const limited = passing.length > 0 && passing.every(({ reason }) => reason !== "unhealthy");
	return new SpearError(limited ? "rate_limited" : "no_candidate_backend", message, { ...details, ...retry });
}
