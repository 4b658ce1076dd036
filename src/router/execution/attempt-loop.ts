import type { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { AttemptRole } from "../decision/explanation.ts";
import { backoffMs } from "../resilience/backoff.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import { hedgeDelayMs, runHedged } from "../resilience/hedging.ts";
import { mayResend } from "../resilience/retry-policy.ts";
import { Attempt, type AttemptStart, SUPERSEDED } from "./attempt.ts";
import { Lease } from "./lease.ts";
import type { LeaseAcquisition, TakenLease } from "./lease-acquisition.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** An attempt that had its first output. */
export interface StartedAttempt<T> {
	readonly attempt: Attempt;
	readonly value: T;
}

type StartResult<T> = StartedAttempt<T> | { readonly attempt: Attempt; readonly failure: SpearError };

export interface AttemptLoopOptions {
	readonly routed: RoutedRequest;
	readonly acquisition: LeaseAcquisition;
	/** Scope of the whole request: cancelled by its caller or its deadline. */
	readonly scope: CancelScope;
	/** True to evaluate all instances when the first attempt starts, for a decision that is kept. */
	readonly sampled: boolean;
}

/** Makes attempts for one request until one has its first output: hedges, fallbacks to other instances, and retries after a pause. */
export class AttemptLoop {
	readonly #options: AttemptLoopOptions;
	#attempts = 0;
	#retries = 0;
	/** The failure after which another attempt is due. */
	#lastFailure: SpearError | undefined;

	constructor(options: AttemptLoopOptions) {
		this.#options = options;
	}

	/**
	 * Returns the first output of the first attempt that has one.
	 *
	 * @throws SpearError the last failure, when no further attempt is permitted or possible; the errors of `LeaseAcquisition.acquire`; the
	 * reason of the signal when that is aborted.
	 */
	async run<T>(operation: AttemptStart<T>): Promise<StartedAttempt<T>> {
		const { routed, acquisition, scope, sampled } = this.#options;
		let role: AttemptRole = "first";
		for (;;) {
			if (scope.reason !== undefined) throw scope.reason;
			const free = acquisition.acquireFree();
			const attempt = this.#createAttempt(free instanceof Lease ? free : await this.#acquire(free), role);
			if (role === "first" && sampled) routed.decision.capture();
			const result = await this.#startHedged(attempt, operation);
			if ("value" in result) return result;
			role = await this.#recover(result.failure);
		}
	}

	async #acquire(taken: TakenLease | undefined): Promise<Lease> {
		const { acquisition, scope } = this.#options;
		try {
			return await acquisition.acquire(scope, taken);
		} catch (thrown) {
			if (scope.reason !== undefined) throw scope.reason;
			// The last failure explains more than the lack of further instances.
			throw this.#lastFailure ?? thrown;
		}
	}

	#createAttempt(lease: Lease, role: AttemptRole): Attempt {
		const { routed, scope } = this.#options;
		const { decision, startedAt, state } = routed;
		this.#attempts += 1;
		return new Attempt({ lease, role, decision, requestStartedAt: startedAt, scope, clock: state.clock });
	}

	/** Starts one attempt, or several concurrently if hedging is configured. Resolves with the first output or the last failure. */
	#startHedged<T>(first: Attempt, operation: AttemptStart<T>): Promise<StartResult<T>> {
		const { state, route } = this.#options.routed;
		const { hedge } = route.rules;
		const afterMs = hedge === undefined ? undefined : hedgeDelayMs(hedge, route.candidates.latencies.of(route.guest.id));
		if (hedge === undefined || afterMs === undefined) return this.#start(first, operation);
		const running: Attempt[] = [first];
		return runHedged({
			first,
			maxAttempts: hedge.attempts,
			afterMs,
			clock: state.clock,
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
		const { routed, acquisition } = this.#options;
		const { state, request, route, decision } = routed;
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
		const { rules, candidates, guest } = this.#options.routed.route;
		try {
			const value = await attempt.start(operation, rules.firstEventTimeoutMs);
			attempt.recordFirstOutput();
			const byQuantile = rules.hedge !== undefined && "quantile" in rules.hedge.after;
			if (byQuantile && attempt.firstOutputMs !== undefined) candidates.latencies.add(attempt.firstOutputMs, guest.id);
			if (!attempt.ended) return { attempt, value };
			operation.discardLate?.(value);
			return { attempt, failure: SUPERSEDED };
		} catch (thrown) {
			const failure = this.#attribute(attempt, SpearError.from(thrown));
			if (!attempt.ended) {
				attempt.close({ type: "failed", error: failure });
				this.#exclude(attempt, failure);
			}
			return { attempt, failure };
		} finally {
			attempt.endLimit();
		}
	}

	/**
	 * A guest-set deadline is not held against the backend. Exception: it equals the host's maximum and the attempt produced nothing for
	 * half of it. Half, because an attempt that started late, after others had failed, had too little time to say something about the backend.
	 */
	#attribute(attempt: Attempt, failure: SpearError): SpearError {
		const { scope, routed } = this.#options;
		const { request, route, state } = routed;
		const { timeout_ms = 0 } = request;
		const { timeoutMs = Number.POSITIVE_INFINITY } = route.rules;
		if (failure.code !== "timeout" || scope.reason === undefined || timeout_ms < timeoutMs) return failure;
		return state.clock.now() - attempt.lease.startedAt > timeout_ms / 2 ? failure.with({ attribution: "backend" }) : failure;
	}

	/** Leaves the instance out of further picks, unless the failure is about its key and another of its keys is available. */
	#exclude({ instance, lease }: Attempt, { attribution }: SpearError): void {
		const { acquisition, routed } = this.#options;
		const now = routed.state.clock.now();
		const ofKey = attribution === "credentials" || attribution === "capacity";
		if (ofKey && instance.keys.keys.some((key) => key !== lease.key && key.unavailableUntil(now, routed.route.guest.id) === 0)) return;
		if (!acquisition.tried.includes(instance)) acquisition.tried.push(instance);
	}

	/**
	 * Returns the role of the next attempt, after the pause that it needs.
	 *
	 * @throws SpearError the failure, if no attempt is permitted or none can start before the deadline.
	 */
	async #recover(failure: SpearError): Promise<AttemptRole> {
		const { acquisition, scope, routed } = this.#options;
		const { route, state, settings, deadlineAt, decision } = routed;
		if (scope.reason !== undefined) throw failure.code === "cancelled" ? failure : scope.reason;
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
		const { route, state } = this.#options.routed;
		return state.guests.witness(route.guest.id, state.clock.now());
	}

	#pause(ms: number): Promise<void> {
		const { scope, routed } = this.#options;
		return new Promise((resolve, reject) => {
			const onCancel = (reason: SpearError): void => {
				cancel();
				reject(reason);
			};
			const cancel = routed.state.clock.after(ms, () => {
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
