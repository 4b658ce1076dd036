import type { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { AttemptRole } from "../decision/explanation.ts";
import { backoffMs } from "../resilience/backoff.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import { hedgeDelayMs, runHedged } from "../resilience/hedging.ts";
import { mayResend } from "../resilience/retry-policy.ts";
import type { HedgeSettings } from "../settings.ts";
import { Attempt, type AttemptStart, SUPERSEDED } from "./attempt.ts";
import type { AttemptObserver, AttemptSubject } from "./attempt-observer.ts";
import { Lease } from "./lease.ts";
import type { LeaseAcquisition, TakenLease } from "./lease-acquisition.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** An attempt that had its first output. */
export interface StartedAttempt<T> {
	readonly attempt: Attempt;
	readonly value: T;
}

type StartResult<T> = StartedAttempt<T> | { readonly attempt: Attempt; readonly failure: SpearError };

/** The request whose attempts a loop makes. */
export interface AttemptLoopOwner {
	/** Called before an attempt starts. Absent unless the request is observed. */
	readonly onAttempt: ((subject: AttemptSubject) => AttemptObserver | undefined) | undefined;
	/** Called with the attempt that had its first output. */
	onStarted(attempt: Attempt): void;
	/** Ends the request after a failure. Returns the error for the caller. */
	fail(thrown: unknown): SpearError;
}

/** Makes attempts for one request until one has its first output: hedges, fallbacks to other instances, and retries after a pause. */
export class AttemptLoop {
	readonly #routed: RoutedRequest;
	readonly #acquisition: LeaseAcquisition;
	readonly #scope: CancelScope;
	readonly #owner: AttemptLoopOwner;
	#attempts = 0;
	#retries = 0;
	/** The failure after which another attempt is due. */
	#lastFailure: SpearError | undefined;

	/** @param scope Scope of the whole request: cancelled by its caller or its deadline. */
	constructor(routed: RoutedRequest, acquisition: LeaseAcquisition, scope: CancelScope, owner: AttemptLoopOwner) {
		this.#routed = routed;
		this.#acquisition = acquisition;
		this.#scope = scope;
		this.#owner = owner;
	}

	/**
	 * Returns the first output of the first attempt that has one. A single asynchronous function for all requests without hedges, because each
	 * further one takes as much memory as the decision.
	 *
	 * @throws SpearError with the explanation: the last failure, when no further attempt is permitted or possible; the errors of
	 * `LeaseAcquisition.acquire`; the reason of the scope when that is cancelled.
	 */
	async run<T>(operation: AttemptStart<T>): Promise<StartedAttempt<T>> {
		try {
			let role: AttemptRole = "first";
			for (;;) {
				if (this.#scope.reason !== undefined) throw this.#scope.reason;
				const acquired = this.#acquireNow();
				const attempt = this.#createAttempt(acquired instanceof Lease ? acquired : await this.#acquire(acquired), role);
				if (role === "first" && this.#routed.evaluated) this.#routed.decision.capture();
				const { hedge } = this.#routed.route.rules;
				const hedgeAfterMs = hedge === undefined ? undefined : this.#hedgeAfterMs(hedge);
				let result: StartResult<T>;
				if (hedge !== undefined && hedgeAfterMs !== undefined) result = await this.#startHedged(attempt, operation, hedge, hedgeAfterMs);
				else {
					try {
						result = this.#succeeded(attempt, await attempt.start(operation), operation);
					} catch (thrown) {
						result = this.#failed(attempt, thrown);
					}
				}
				if ("value" in result) {
					this.#owner.onStarted(result.attempt);
					return result;
				}
				role = await this.#recover(result.failure);
			}
		} catch (thrown) {
			throw this.#owner.fail(thrown);
		}
	}

	#acquireNow(): Lease | TakenLease | undefined {
		try {
			return this.#acquisition.acquireNow(this.#scope);
		} catch (thrown) {
			throw this.#failureOf(thrown);
		}
	}

	async #acquire(taken: TakenLease | undefined): Promise<Lease> {
		try {
			return await this.#acquisition.acquire(this.#scope, taken);
		} catch (thrown) {
			throw this.#failureOf(thrown);
		}
	}

	/** Returns the failure of a request that gets no lease. The last failure explains more than the lack of further instances. */
	#failureOf(thrown: unknown): unknown {
		return this.#scope.reason ?? this.#lastFailure ?? thrown;
	}

	#createAttempt(lease: Lease, role: AttemptRole): Attempt {
		this.#attempts += 1;
		const observer = this.#owner.onAttempt?.({ backend: lease.instance.name, role });
		return new Attempt(this.#routed, this.#scope, lease, role, observer);
	}

	/** Returns the time without an output after which a hedge starts, in milliseconds; `undefined` for no hedge. */
	#hedgeAfterMs(hedge: HedgeSettings): number | undefined {
		const { candidates, guest } = this.#routed.route;
		return hedgeDelayMs(hedge, candidates.latencies.of(guest.id));
	}

	/** Starts several attempts concurrently. Resolves with the first output or the last failure. */
	#startHedged<T>(first: Attempt, operation: AttemptStart<T>, hedge: HedgeSettings, afterMs: number): Promise<StartResult<T>> {
		const running: Attempt[] = [first];
		return runHedged({
			first,
			maxAttempts: hedge.attempts,
			afterMs,
			clock: this.#routed.clock,
			run: (attempt) => this.#start(attempt, operation),
			succeeded: (result) => "value" in result,
			launch: async () => {
				const next = await this.#createHedge(running, hedge.ratio);
				if (next !== undefined) running.push(next);
				return next;
			},
			abandon,
			discardLate: (result) => {
				if ("value" in result) operation.discardLate?.(result.value);
			},
		});
	}

	async #createHedge(running: readonly Attempt[], ratio: number): Promise<Attempt | undefined> {
		const acquisition = this.#acquisition;
		const { state, request, route, decision } = this.#routed;
		if (this.#attempts >= route.rules.maxAttempts) return undefined;
		const instances = running.map(({ instance }) => instance);
		// Before the budget: a hedge that no instance can take must not use it up.
		if (!acquisition.hasOther(instances)) return undefined;
		if (!state.hedgeBudget(request.operation, ratio).withdraw(state.clock.now(), this.#witness())) {
			decision.addEvent("hedge_denied", { detail: "the hedge budget is used up" });
			return undefined;
		}
		const lease = await acquisition.tryAcquire(instances);
		return lease === undefined ? undefined : this.#createAttempt(lease, "hedge");
	}

	/** Starts an attempt. Never rejects: a failure closes the attempt. */
	async #start<T>(attempt: Attempt, operation: AttemptStart<T>): Promise<StartResult<T>> {
		try {
			return this.#succeeded(attempt, await attempt.start(operation), operation);
		} catch (thrown) {
			return this.#failed(attempt, thrown);
		}
	}

	/** Records the first output of an attempt. */
	#succeeded<T>(attempt: Attempt, value: T, operation: AttemptStart<T>): StartResult<T> {
		const { rules, candidates, guest } = this.#routed.route;
		attempt.endLimit();
		attempt.recordFirstOutput();
		const byQuantile = rules.hedge !== undefined && "quantile" in rules.hedge.after;
		if (byQuantile && attempt.firstOutputMs !== undefined) candidates.latencies.add(attempt.firstOutputMs, guest.id);
		if (!attempt.ended) return { attempt, value };
		operation.discardLate?.(value);
		return { attempt, failure: SUPERSEDED };
	}

	/** Closes an attempt that has failed. */
	#failed(attempt: Attempt, thrown: unknown): { readonly attempt: Attempt; readonly failure: SpearError } {
		attempt.endLimit();
		const failure = this.#attribute(attempt, SpearError.from(thrown));
		if (!attempt.ended) {
			attempt.close({ type: "failed", error: failure });
			this.#exclude(attempt, failure);
		}
		return { attempt, failure };
	}

	/**
	 * A guest-set deadline is not held against the backend. Exception: it equals the host's maximum and the attempt produced nothing for
	 * half of it. Half, because an attempt that started late, after others had failed, had too little time to say something about the backend.
	 */
	#attribute(attempt: Attempt, failure: SpearError): SpearError {
		const { request, route, state } = this.#routed;
		const { timeout_ms = 0 } = request;
		const { timeoutMs = Number.POSITIVE_INFINITY } = route.rules;
		if (failure.code !== "timeout" || this.#scope.reason === undefined || timeout_ms < timeoutMs) return failure;
		return state.clock.now() - attempt.lease.startedAt > timeout_ms / 2 ? failure.with({ attribution: "backend" }) : failure;
	}

	/** Leaves the instance out of further picks, unless the failure is about its key and another of its keys is available. */
	#exclude({ instance, lease }: Attempt, { attribution }: SpearError): void {
		const { state, route } = this.#routed;
		const { tried } = this.#acquisition;
		const now = state.clock.now();
		const ofKey = attribution === "credentials" || attribution === "capacity";
		if (ofKey && instance.keys.keys.some((key) => key !== lease.key && key.unavailableUntil(now, route.guest.id) === 0)) return;
		if (!tried.includes(instance)) tried.push(instance);
	}

	/**
	 * Returns the role of the next attempt, after the pause that it needs.
	 *
	 * @throws SpearError the failure, if no attempt is permitted or none can start before the deadline.
	 */
	async #recover(failure: SpearError): Promise<AttemptRole> {
		const acquisition = this.#acquisition;
		const { route, state, settings, deadlineAt, decision } = this.#routed;
		const { reason } = this.#scope;
		if (reason !== undefined) throw failure.code === "cancelled" ? failure : reason;
		if (this.#attempts >= route.rules.maxAttempts || !mayResend(failure, route.rules.idempotent)) throw failure;
		if (acquisition.hasOther()) {
			this.#lastFailure = failure;
			// Nothing is excluded if another key of the same instance is available.
			return acquisition.tried.length === 0 ? "retry" : "fallback";
		}
		if (!failure.retryable) throw failure;
		const pauseMs = Math.max(backoffMs(settings.backoff, this.#retries, state.random), failure.retryAfterMs ?? 0);
		const now = state.clock.now();
		if (now + pauseMs >= deadlineAt) throw failure;
		if (!state.retryBudget.withdraw(now, this.#witness())) {
			decision.addEvent("limited", { detail: "the retry budget is used up" });
			throw failure;
		}
		this.#retries += 1;
		this.#lastFailure = failure;
		decision.addEvent("backed_off", { detail: `${Math.round(pauseMs)} ms before the next attempt` });
		await this.#pause(pauseMs);
		acquisition.tried.length = 0;
		return "retry";
	}

	#witness(): Witness {
		const { route, state } = this.#routed;
		return state.guests.witness(route.guest.id, state.clock.now());
	}

	#pause(ms: number): Promise<void> {
		const scope = this.#scope;
		return new Promise((resolve, reject) => {
			const onCancel = (reason: SpearError): void => {
				cancel();
				reject(reason);
			};
			const cancel = this.#routed.state.clock.after(ms, () => {
				scope.removeListener(onCancel);
				resolve();
			});
			scope.onCancel(onCancel);
		});
	}
}

function abandon(attempt: Attempt): void {
	if (attempt.ended) return;
	attempt.close({ type: "abandoned" });
	attempt.abort(SUPERSEDED);
}
