import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { type AbortListener, addAbortListener } from "../../async/abort-listeners.ts";
import { CancelScope } from "../../async/cancel-scope.ts";
import { abortError, cancelledError, SpearError, timeoutError } from "../../errors/spear-error.ts";
import { reportedBy, withDowngrades } from "../../operations/downgrades.ts";
import type { AttemptOutcome, RouteDecision } from "../decision/route-decision.ts";
import { requestFor } from "../degradation/request-for.ts";
import type { RouteRules } from "../eligibility/route-rules.ts";
import { KeyFailure } from "../instances/keys/key-failure.ts";
import { Delivery } from "../limits/delivery.ts";
import { reportedUsage } from "../limits/usage.ts";
import type { Outcome } from "../resilience/health.ts";
import type { Admission } from "./admission.ts";
import type { Attempt, AttemptStart } from "./attempt.ts";
import { AttemptLoop, type AttemptLoopOwner, type StartedAttempt } from "./attempt-loop.ts";
import type { AttemptObserver, AttemptSubject } from "./attempt-observer.ts";
import { LeaseAcquisition } from "./lease-acquisition.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** The caller of a request. */
export interface RequestCaller {
	/** Aborted when the caller no longer waits: when its run, its stream or the host ends. */
	readonly signal: AbortSignal;
	/** Called once, when the decision is final, whatever the outcome: at the end of the request, or when its session is established. */
	readonly onDecision?: (decision: RouteDecision) => void;
	/** Called with the name of the instance whose output the caller gets, before the caller gets it. */
	readonly onChosen?: ((instance: string) => void) | undefined;
	/** Called before each attempt. The default observes none. */
	readonly onAttempt?: ((subject: AttemptSubject) => AttemptObserver | undefined) | undefined;
}

/** A session that an attempt has opened. */
export interface EstablishedSession {
	/** Ends the session. `result` is the summary of the session; `undefined` for none. Further calls have no effect. */
	finish(outcome: Outcome, result: object | undefined): void;
	/** Records an event that the upstream has delivered, for the settlement of the charges. */
	record(event: object): void;
}

const NO_DOWNGRADES: readonly types.Downgrade[] = [];

/**
 * All attempts of one request, under one deadline. No other part of the host repeats a request. Ends once: in `succeed`, `fail`, `abandon`,
 * or the `finish` of its session.
 */
export class RequestExecution implements AttemptLoopOwner {
	readonly routed: RoutedRequest;
	/** Cancelled when the caller no longer waits or the deadline passes. */
	readonly scope = new CancelScope();
	readonly #caller: RequestCaller;
	readonly #admission: Admission;
	readonly #acquisition: LeaseAcquisition;
	readonly #abortListener: AbortListener | undefined;
	/** `undefined` without a deadline. */
	readonly #cancelDeadline: (() => void) | undefined;
	/** The attempt whose output the caller gets. */
	#chosen: Attempt | undefined;
	readonly #delivery = new Delivery();
	#ended = false;

	/** @param admission Released when nothing of the request is in flight any more: at its end, or at the end of its session. */
	constructor(routed: RoutedRequest, caller: RequestCaller, admission: Admission) {
		const { request, route, state } = routed;
		const { signal } = caller;
		this.routed = routed;
		this.#caller = caller;
		this.#admission = admission;
		this.#acquisition = new LeaseAcquisition(routed);
		const onAbort = (): void => this.scope.cancel(abortError(signal));
		this.#abortListener = addAbortListener(signal, onAbort);
		if (signal.aborted) onAbort();
		const { timeout_ms } = request;
		if (timeout_ms !== undefined) this.#cancelDeadline = state.clock.after(timeout_ms, () => this.scope.cancel(timeoutError(timeout_ms)));
		state.addInFlight(request.operation);
		state.retryBudget.deposit(route.guest.id);
		if (route.rules.hedge !== undefined) state.hedgeBudget(request.operation, route.rules.hedge.ratio).deposit(route.guest.id);
	}

	/** The rules of the request, from the configuration at its start. */
	get rules(): RouteRules {
		return this.routed.route.rules;
	}

	get onAttempt(): RequestCaller["onAttempt"] {
		return this.#caller.onAttempt;
	}

	/** Id of the guest. */
	get guest(): string {
		return this.routed.route.guest.id;
	}

	/** Milliseconds since the request reached the router. */
	get elapsedMs(): number {
		const { state, startedAt } = this.routed;
		return Math.round(state.clock.now() - startedAt);
	}

	/** Attempts that have ended, in order. */
	get attempts(): types.Attempt[] {
		return this.routed.decision.guestAttempts;
	}

	/** Fields of the request that the chosen instance emulates or drops. */
	get downgrades(): readonly types.Downgrade[] {
		const chosen = this.#chosen;
		return (chosen === undefined ? undefined : this.routed.route.assessment?.of(chosen.instance)?.downgrades) ?? NO_DOWNGRADES;
	}

	/** Returns the request as the instance of an attempt receives it. */
	requestFor<O extends Operation>(request: RequestEnvelope<O>, { instance }: Attempt): RequestEnvelope<O> {
		return requestFor(request, this.routed.route, instance);
	}

	/** Returns a result with the downgrades of the chosen instance, and records all of them. */
	withDowngrades<R extends object>(operation: Operation, result: R): R {
		const complete = withDowngrades(operation, result, this.downgrades);
		this.routed.decision.downgrades = reportedBy(complete);
		return complete;
	}

	/**
	 * Makes attempts until one has its first output. From then on no other attempt is made.
	 *
	 * @throws SpearError any error of the request, with the explanation. The execution has ended then.
	 */
	start<T>(operation: AttemptStart<T>): Promise<StartedAttempt<T>> {
		return new AttemptLoop(this.routed, this.#acquisition, this.scope, this).run(operation);
	}

	onStarted(attempt: Attempt): void {
		const { decision } = this.routed;
		const { name } = attempt.instance;
		this.#chosen = attempt;
		attempt.observer?.onChosen();
		// Another one was chosen last if a hedge was overtaken.
		if (decision.chosen !== name) decision.choose(name);
		decision.downgrades = this.downgrades;
		this.#caller.onChosen?.(name);
	}

	/** Records an event that the upstream has delivered, for the settlement of the charges. */
	recordDelivered(event: object): void {
		this.#delivery.add(event);
	}

	/**
	 * Ends the execution: the chosen attempt has completed its answer.
	 *
	 * @param answer The whole answer. Absent if its events were recorded.
	 */
	succeed(answer?: object): void {
		if (answer !== undefined) this.#delivery.addResult(answer);
		if (this.#chosen === undefined || this.#chosen.ended) return;
		this.#acquisition.recordServed(this.#chosen.instance);
		this.#chosen.close({ type: "succeeded" }, this.#delivery);
		this.#end();
	}

	/**
	 * Makes the decision final: the chosen attempt has opened a session. Cancels the deadline; the lease is held until `finish` is called.
	 *
	 * @throws SpearError `internal` when no attempt was started.
	 */
	establish(): EstablishedSession {
		const attempt = this.#chosen;
		if (attempt === undefined) throw new SpearError("internal", "a session was established without an attempt");
		this.#cancelDeadline?.();
		this.#acquisition.recordServed(attempt.instance);
		attempt.lease.confirm();
		attempt.record();
		this.#notifyDecision();
		return {
			finish: (outcome, result) => {
				if (attempt.ended) return;
				const failure = outcome.type === "failed" ? outcome.error : undefined;
				this.#delivery.endSession(result === undefined ? failure?.usage : reportedUsage(result));
				attempt.release(outcome, this.#delivery);
				this.#release();
				// Whichever side ended the session, its connection must be closed.
				attempt.abort(failure ?? cancelledError("the session is over"));
			},
			record: (event) => this.#delivery.addOfSession(event),
		};
	}

	/** Ends the execution after a failure. Returns the error with the explanation. */
	fail(thrown: unknown): SpearError {
		const failure = SpearError.from(thrown);
		if (this.#chosen !== undefined && !this.#chosen.ended) this.#chosen.close({ type: "failed", error: failure }, this.#delivery);
		return this.#end(failure);
	}

	/** Ends the execution because the caller does not read the rest of the answer. Has no effect after its end. */
	abandon(): void {
		if (this.#ended) return;
		const error = cancelledError("the stream was cancelled before it was complete");
		if (this.#chosen !== undefined && !this.#chosen.ended) {
			this.#chosen.abort(error);
			this.#chosen.close({ type: "failed", error }, this.#delivery);
		}
		this.#end(error);
	}

	/**
	 * Ends the execution once. Returns the failure with the explanation.
	 *
	 * The order matters. The explanation comes first: it must show the state of the instances in which the request failed. The release comes
	 * before the notification: an observer that sends another request must find this one's place free.
	 */
	#end(): void;
	#end(failure: SpearError): SpearError;
	#end(failure?: SpearError): SpearError | undefined {
		const { request, decision } = this.routed;
		const cause = failure === undefined ? undefined : namedCause(failure, decision.outcomes);
		const error = failure?.with({ operation: request.operation, explanation: decision.snapshot(), cause });
		if (!this.#ended) {
			this.#release();
			this.#notifyDecision(error);
		}
		return error;
	}

	#release(): void {
		if (this.#ended) return;
		this.#ended = true;
		const { state, request } = this.routed;
		this.#cancelDeadline?.();
		this.#abortListener?.remove();
		state.removeInFlight(request.operation);
		this.#admission.release();
	}

	#notifyDecision(error?: SpearError): void {
		const { decision, sampled, state, route } = this.routed;
		state.ended.requests += 1;
		if (error !== undefined && error.code !== "cancelled") state.ended.errors += 1;
		const concluded = decision.conclude(error);
		if (sampled || error !== undefined) state.decisionLog.add(concluded, route.guest.id);
		this.#caller.onDecision?.(concluded);
		if (state.observers.present) this.#notifyObservers(concluded);
	}

	#notifyObservers(concluded: RouteDecision): void {
		const { decision, state, route, request, startedAt } = this.routed;
		const endedAtMs = state.wallClock();
		state.observers.notify({
			decision: concluded,
			operation: request.operation,
			guest: route.guest,
			startedAtMs: endedAtMs - Math.round(state.clock.now() - startedAt),
			endedAtMs,
			explanation: decision.outline(),
			isEvaluated: decision.isEvaluated,
		});
	}
}

/** Returns the cause of a failure that counts against a key, with the name of the key. `undefined` for any other failure. */
function namedCause(failure: SpearError, outcomes: readonly AttemptOutcome[]): KeyFailure | undefined {
	const { attribution, cause } = failure;
	if (attribution !== "credentials" && attribution !== "capacity") return undefined;
	const last = outcomes.findLast(({ error }) => error === failure);
	if (last?.key === undefined) return undefined;
	const fault = attribution === "credentials" ? "was refused by the upstream" : "has no quota left now";
	return new KeyFailure(`${last.key} of backend ${last.backend} ${fault}`, { cause });
}
