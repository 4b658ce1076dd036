import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import { guestName } from "../../errors/guest-name.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import { requestedModel } from "../../operations/requested-model.ts";
import type { Clock } from "../../time/clock.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { type Considered, consideredUntil } from "../load-balancing/pick-context.ts";
import type { Consideration, EligibilityReport, RouteAttempt, RouteEvent, RouteExplanation } from "./explanation.ts";
import type { AttemptOutcome, RouteDecision } from "./route-decision.ts";

export interface DecisionOptions {
	readonly request: UntypedRequestEnvelope;
	readonly policy: types.Policy;
	readonly clock: Clock;
	/** Time at which the request reached the router. */
	readonly startedAt: number;
	/**
	 * Evaluates the eligibility of all instances at the time of the call. `chosen` are eligible, whatever their state is by then. Called at
	 * most once, because it looks at every instance.
	 */
	evaluate(chosen: readonly string[]): EligibilityReport;
}

const NONE: readonly never[] = [];

/** Returns a list with one more item. Most lists of a decision have one item, for which `push` would reserve room for many. */
function withItem<T>(list: readonly T[], item: T): readonly T[] {
	return list.length === 0 ? [item] : [...list, item];
}

/** The record of one decision while its request is in flight. */
export class Decision {
	attempts: readonly RouteAttempt[] = NONE;
	/** Ends of the attempts, in the order of `attempts`. */
	outcomes: readonly AttemptOutcome[] = NONE;
	/** Differences between the request and its treatment by the chosen instance. */
	downgrades: readonly types.Downgrade[] = [];
	usage: types.Usage | undefined;
	cost: number | undefined;
	readonly #options: DecisionOptions;
	/** The instance that was compared last, with those before it. */
	#considered: Considered | undefined;
	/** Created for the first event. */
	#events: RouteEvent[] | undefined;
	/** Names of the chosen instances. */
	#chosen: readonly string[] = NONE;
	/** Instances whose rate limits refused the request, by name. Created for the first. */
	#refused: Map<string, types.Rejection> | undefined;
	#report: EligibilityReport | undefined;

	constructor(options: DecisionOptions) {
		this.#options = options;
	}

	/** Name of the instance chosen last. `undefined` for none. */
	get chosen(): string | undefined {
		return this.#chosen.at(-1);
	}

	/** Events so far, in order. `undefined` for none. */
	get events(): readonly RouteEvent[] | undefined {
		return this.#events;
	}

	/** Attempts that have ended, without the details that only the host sees. */
	get guestAttempts(): types.Attempt[] {
		return this.attempts.map(({ backend, latency_ms, failure, detail }) => {
			const attempt: types.Attempt = { backend, latency_ms };
			if (failure !== undefined) attempt.failure = failure;
			if (detail !== undefined) attempt.detail = detail;
			return attempt;
		});
	}

	/** Adds an attempt that has ended. */
	addAttempt(attempt: RouteAttempt, outcome: AttemptOutcome): void {
		this.attempts = withItem(this.attempts, attempt);
		this.outcomes = withItem(this.outcomes, outcome);
	}

	/** Records the choice of an instance. */
	choose(name: string): void {
		this.#chosen = withItem(this.#chosen, name);
		this.#refused?.delete(name);
		const report = this.#report;
		if (report === undefined || report.eligible.includes(name)) return;
		// It has become eligible since the report was made.
		this.#report = { eligible: [...report.eligible, name], rejected: report.rejected.filter(({ backend }) => backend !== name) };
	}

	/** Records that the rate limit of a chosen instance refused the request before anything was sent. Undoes the choice. */
	refuse(rejection: types.Rejection): void {
		const at = this.#chosen.lastIndexOf(rejection.backend);
		if (at !== -1) this.#chosen = this.#chosen.toSpliced(at, 1);
		if (this.attempts.some(({ backend }) => backend === rejection.backend)) return;
		this.#refused ??= new Map();
		this.#refused.set(rejection.backend, rejection);
	}

	/**
	 * Records the instances that the policy compared in a pick, with their latencies for this stats key and guest.
	 *
	 * @param last The instance that was compared last. `undefined` for none.
	 */
	addConsidered(last: Considered | undefined, statsKey: StatsKey, guest: string): void {
		const now = this.#options.clock.now();
		for (let each = last; each !== undefined; each = each.previous) {
			const { ewma } = each.instance.stats.latency(statsKey);
			if (ewma.known) each.latencyMs = Math.round(ewma.at(now, guest));
			if (each.previous !== undefined) continue;
			each.previous = this.#considered;
			break;
		}
		this.#considered = last ?? this.#considered;
	}

	/**
	 * Records an event.
	 *
	 * @param at Time of the event. The default is now.
	 */
	addEvent(type: RouteEvent["type"], { backend, detail }: Pick<RouteEvent, "backend" | "detail"> = {}, at?: number): void {
		const { clock, startedAt } = this.#options;
		this.#events ??= [];
		this.#events.push({
			at_ms: Math.round((at ?? clock.now()) - startedAt),
			type,
			...(backend === undefined ? {} : { backend }),
			...(detail === undefined ? {} : { detail }),
		});
	}

	/** Evaluates all instances now. Without this call, the first `snapshot` does. */
	capture(): void {
		this.#report ??= this.#options.evaluate([...new Set(this.#chosen)]);
	}

	/** Returns the explanation as of now. */
	snapshot(): RouteExplanation {
		this.capture();
		return this.outline();
	}

	/** True if the eligibility of all instances was evaluated. */
	get isEvaluated(): boolean {
		return this.#report !== undefined;
	}

	/** Returns the explanation as of now. Without an evaluation, it lists the chosen instances only. */
	outline(): RouteExplanation {
		const { request, policy } = this.#options;
		const { operation, requirements } = request;
		const report = this.#report ?? { eligible: [...new Set(this.#chosen)], rejected: [] };
		const refused = [...(this.#refused?.values() ?? [])].filter(({ backend }) => report.eligible.includes(backend));
		const eligible = report.eligible.filter((name) => this.#refused?.has(name) !== true);
		const rejected = [...report.rejected, ...refused];
		const model = requestedModel(request);
		return {
			operation,
			...(model === undefined ? {} : { model: guestName(model) }),
			required_features: [...requirements.required_features],
			required_transports: [...requirements.required_transports],
			candidates_checked: eligible.length + rejected.length,
			eligible,
			rejected,
			policy,
			...(this.chosen === undefined ? {} : { chosen: this.chosen }),
			attempts: [...this.attempts],
			considered: consideredUntil(this.#considered).map(considerationOf),
			events: [...(this.#events ?? [])],
			...(this.downgrades.length === 0 ? {} : { downgrades: [...this.downgrades] }),
			...(this.usage === undefined ? {} : { usage: this.usage }),
			...(this.cost === undefined ? {} : { cost: this.cost }),
		};
	}

	/**
	 * Returns the final decision.
	 *
	 * @param error Error that the request failed with. `undefined` for a success.
	 */
	conclude(error: SpearError | undefined): RouteDecision {
		return new ConcludedDecision(this, this.#options.request, error);
	}
}

function considerationOf({ instance, score, inFlight, latencyMs }: Considered): Consideration {
	return {
		backend: instance.name,
		...(score === undefined ? {} : { score }),
		in_flight: inFlight,
		...(latencyMs === undefined ? {} : { latency_ms: latencyMs }),
	};
}

/**
 * A decision whose explanation is made when it is read. A class, because an object literal with a getter would get a hidden class of its own
 * each time, and that would keep everything of the request in memory.
 */
class ConcludedDecision implements RouteDecision {
	readonly type = "decision";
	readonly requestId: string;
	readonly operation: string;
	readonly attempts: readonly RouteAttempt[];
	readonly outcomes: readonly AttemptOutcome[];
	declare readonly chosen?: string;
	declare readonly usage?: types.Usage;
	declare readonly cost?: number;
	declare readonly error?: SpearError;
	declare readonly events?: readonly RouteEvent[];
	declare readonly traceId?: string;
	readonly #decision: Decision;

	constructor(decision: Decision, { request_id, operation, meta }: UntypedRequestEnvelope, error: SpearError | undefined) {
		const { chosen, usage, cost, events } = decision;
		const { trace_id } = meta;
		this.requestId = request_id;
		this.operation = operation;
		this.attempts = decision.attempts;
		this.outcomes = decision.outcomes;
		this.#decision = decision;
		if (chosen !== undefined) this.chosen = chosen;
		if (usage !== undefined) this.usage = usage;
		if (cost !== undefined) this.cost = cost;
		if (error !== undefined) this.error = error;
		if (events !== undefined) this.events = events;
		if (trace_id !== undefined) this.traceId = trace_id;
	}

	get explanation(): RouteExplanation {
		return this.#decision.snapshot();
	}

	/** Returns all members, for a log in JSON. */
	toJSON(): RouteDecision {
		return { ...this, explanation: this.explanation };
	}
}
