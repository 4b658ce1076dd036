import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { abortError, cancelledError, SpearError, timeoutError } from "../../errors/spear-error.ts";
import type { AttemptRole, Decision } from "../decision/explanation.ts";
import type { RouteDecision } from "../decision/route-decision.ts";
import type { RouteRules } from "../eligibility/route-rules.ts";
import { costOf } from "../limits/cost.ts";
import { reportedUsage } from "../limits/usage.ts";
import { backoffMs } from "../resilience/backoff.ts";
import type { Outcome } from "../resilience/health.ts";
import { runHedged } from "../resilience/hedging.ts";
import { hedgeDelayMs, isRetriable } from "../resilience/retry-policy.ts";
import type { Route } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import type { RouterSettings } from "../settings.ts";
import { Attempt } from "./attempt.ts";
import type { AcquiredLease, LeaseAcquisition } from "./lease-acquisition.ts";

export interface RequestExecutionOptions {
	readonly request: RequestEnvelope<Operation>;
	/** Aborted when the run, the stream or the host ends. */
	readonly signal: AbortSignal;
	readonly route: Route;
	readonly decision: Decision;
	readonly acquisition: LeaseAcquisition;
	readonly state: RouterState;
	readonly settings: RouterSettings;
	readonly startedAt: number;
	/** Whether the decision is kept: then every instance is judged when the first is chosen. */
	readonly sampled: boolean;
	/** Told once, when the request has ended. */
	readonly onEnd: (decision: RouteDecision) => void;
	/** Told once, when nothing of the request goes on any more: for a session, when that has ended. */
	readonly onLeave: () => void;
}

/** How an answer is started, and what becomes of one that comes too late. */
export interface AttemptOperation<T> {
	readonly start: (attempt: Attempt) => Promise<T>;
	readonly discardLate: (late: T) => void;
}

type StartResult<T> = { readonly attempt: Attempt; readonly value: T } | { readonly attempt: Attempt; readonly failure: SpearError };

/**
 * One request on its way through its candidates: one deadline for all attempts, a lease for each, every attempt on record. Nobody else
 * repeats anything. It ends once, in `succeed`, `establish`, `fail` or `abandon`, and then tells the observer.
 */
export class RequestExecution {
	readonly #options: RequestExecutionOptions;
	readonly #abort = new AbortController();
	readonly #onAbort = (): void => this.#abort.abort(abortError(this.#options.signal));
	readonly #fallenBackFrom: SpearError[] = [];
	/** The failure after which another attempt is to be made. */
	#last: SpearError | undefined;
	#cancelDeadline = (): void => {};
	#attempts = 0;
	#repetitions = 0;
	/** The attempt whose output the guest gets. */
	#chosen: Attempt | undefined;
	#ended = false;

	constructor(options: RequestExecutionOptions) {
		const { signal, request, state, route } = options;
		this.#options = options;
		if (signal.aborted) this.#onAbort();
		else signal.addEventListener("abort", this.#onAbort, { once: true });
		const { timeout_ms } = request;
		if (timeout_ms !== undefined) {
			this.#cancelDeadline = state.clock.after(timeout_ms, () => this.#abort.abort(timeoutError(timeout_ms)));
		}
		state.enter(request.operation);
		state.retries.deposit();
		if (route.rules.hedge !== undefined) state.hedges(request.operation, route.rules.hedge.ratio).deposit();
	}

	/** Aborted when the caller gives up or the deadline passes. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** What holds for the request: by the configuration it began under, whatever has come since. */
	get rules(): RouteRules {
		return this.#options.route.rules;
	}

	/** Milliseconds since the request reached the router. */
	get elapsedMs(): number {
		return Math.round(this.#options.state.clock.now() - this.#options.startedAt);
	}

	/** Every attempt that has ended, in order. */
	get attempts(): types.Attempt[] {
		return this.#options.decision.attempts.map(({ backend, latency_ms, failure, detail }) => ({
			backend,
			latency_ms,
			...(failure === undefined ? {} : { failure }),
			...(detail === undefined ? {} : { detail }),
		}));
	}

	/** The first output of the first attempt that gives one. Throws when none does: the execution has ended then. */
	async start<T>(operation: AttemptOperation<T>): Promise<{ readonly attempt: Attempt; readonly value: T }> {
		let role: AttemptRole = "first";
		try {
			for (;;) {
				if (this.#abort.signal.aborted) throw abortError(this.#abort.signal);
				const first = this.#enter(await this.#acquire(), role);
				if (this.#last !== undefined) this.#fallenBackFrom.push(this.#last);
				this.#last = undefined;
				if (role === "first" && this.#options.sampled) this.#options.decision.capture();
				const started = await this.#round(first, operation);
				if ("value" in started) {
					this.#chosen = started.attempt;
					this.#options.decision.choose(started.attempt.instance.name);
					return started;
				}
				role = await this.#recover(started.failure);
			}
		} catch (thrown) {
			throw this.#end(SpearError.from(thrown));
		}
	}

	/** The attempt gave its answer whole. */
	succeed(answer: object): void {
		if (this.#chosen === undefined || this.#chosen.ended) return;
		this.#options.acquisition.served(this.#chosen.instance);
		this.#close(this.#chosen, { type: "succeeded" }, reportedUsage(answer));
		this.#end();
	}

	/**
	 * The attempt opened a session that goes on. The deadline is over, the decision is made; the attempt keeps its lease until
	 * `finish` is told how the session ended.
	 */
	establish(): { finish(outcome: Outcome, answer: object | undefined): void } {
		const attempt = this.#chosen;
		if (attempt === undefined) throw new SpearError("internal", "a session was established without an attempt");
		this.#cancelDeadline();
		this.#options.acquisition.served(attempt.instance);
		attempt.lease.confirm();
		this.#note(attempt);
		this.#tell();
		return {
			finish: (outcome, answer) => {
				if (attempt.ended) return;
				this.#release(attempt, outcome, answer === undefined ? undefined : reportedUsage(answer));
				this.#leave();
				// Whoever ended the session, its connection ends with it.
				attempt.abort(outcome.type === "failed" ? outcome.error : cancelledError("the session is over"));
			},
		};
	}

	/** The attempt failed after it had started. Gives the failure with the explanation. */
	fail(thrown: unknown): SpearError {
		const failure = SpearError.from(thrown);
		if (this.#chosen !== undefined && !this.#chosen.ended) this.#close(this.#chosen, { type: "failed", error: failure });
		return this.#end(failure);
	}

	/** Nobody waits for the rest. Does nothing once the execution has ended. */
	abandon(): void {
		if (this.#ended) return;
		const given = new SpearError("cancelled", "the stream was given up before it was complete");
		if (this.#chosen !== undefined && !this.#chosen.ended) {
			this.#chosen.abort(given);
			this.#close(this.#chosen, { type: "failed", error: given });
		}
		this.#end(given);
	}

	async #acquire(): Promise<AcquiredLease> {
		try {
			return await this.#options.acquisition.acquire(this.#abort.signal);
		} catch (thrown) {
			if (this.#abort.signal.aborted) throw abortError(this.#abort.signal);
			// That nobody is left says less than why the last one failed.
			throw this.#last ?? thrown;
		}
	}

	#enter(acquired: AcquiredLease, role: AttemptRole): Attempt {
		this.#attempts += 1;
		const { state } = this.#options;
		return new Attempt({ ...acquired, role, signal: this.#abort.signal, clock: state.clock });
	}

	/** One attempt, or several side by side where hedging is configured, until one gives its first output or the last has failed. */
	#round<T>(first: Attempt, operation: AttemptOperation<T>): Promise<StartResult<T>> {
		const { state, route } = this.#options;
		const { hedge } = route.rules;
		const afterMs = hedge === undefined ? undefined : hedgeDelayMs(hedge, route.candidates.latencies);
		if (hedge === undefined || afterMs === undefined) return this.#settle(first, operation);
		const racing: Attempt[] = [first];
		return runHedged({
			first,
			maxAttempts: hedge.attempts,
			afterMs,
			clock: state.clock,
			settle: (attempt) => this.#settle(attempt, operation),
			succeeded: (started) => "value" in started,
			launch: async () => {
				const next = await this.#hedge(racing, hedge.ratio);
				if (next !== undefined) racing.push(next);
				return next;
			},
			lose: (attempt) => this.#lose(attempt),
			discard: (started) => {
				if ("value" in started) operation.discardLate(started.value);
			},
		});
	}

	async #hedge(racing: readonly Attempt[], ratio: number): Promise<Attempt | undefined> {
		const { state, request, acquisition, route, decision, startedAt } = this.#options;
		if (this.#abort.signal.aborted || this.#attempts >= route.rules.maxAttempts) return undefined;
		const now = state.clock.now();
		const beside = racing.map(({ instance }) => instance);
		if (!acquisition.hasOther(beside)) return undefined;
		if (!state.hedges(request.operation, ratio).withdraw(now)) {
			decision.events.push({ at_ms: Math.round(now - startedAt), type: "hedge_denied", detail: "the budget of hedges is used up" });
			return undefined;
		}
		const place = await acquisition.tryAcquire(beside);
		return place === undefined ? undefined : this.#enter(place, "hedge");
	}

	async #settle<T>(attempt: Attempt, { start, discardLate }: AttemptOperation<T>): Promise<StartResult<T>> {
		const { rules, candidates } = this.#options.route;
		try {
			const value = await attempt.start(start, discardLate, rules.firstEventTimeoutMs);
			if (attempt.firstOutputMs !== undefined) candidates.latencies.add(attempt.firstOutputMs);
			if (!attempt.ended) return { attempt, value };
			discardLate(value);
			return { attempt, failure: TOO_LATE };
		} catch (thrown) {
			const failure = this.#attributed(attempt, SpearError.from(thrown));
			if (!attempt.ended) {
				this.#close(attempt, { type: "failed", error: failure });
				this.#exclude(attempt, failure);
			}
			return { attempt, failure };
		}
	}

	/**
	 * A deadline that a guest sets is the guest's own affair. But an attempt that was given nothing in the better part of the longest time that the
	 * host lets anybody wait hangs.
	 */
	#attributed(attempt: Attempt, failure: SpearError): SpearError {
		const { request, route, state } = this.#options;
		const { timeout_ms = 0 } = request;
		const { timeoutMs = Number.POSITIVE_INFINITY } = route.rules;
		if (failure.code !== "timeout" || !this.#abort.signal.aborted || timeout_ms < timeoutMs) return failure;
		return state.clock.now() - attempt.lease.startedAt > timeout_ms / 2 ? failure.with({ attribution: "backend" }) : failure;
	}

	/** An instance that failed is not asked again before the others, unless another of its keys may do where this one did not. */
	#exclude({ instance, lease }: Attempt, { attribution }: SpearError): void {
		const { acquisition, state } = this.#options;
		const now = state.clock.now();
		const ofKey = attribution === "credentials" || attribution === "capacity";
		if (ofKey && instance.keys.keys.some((key) => key !== lease.key && key.unavailableUntil(now) === 0)) return;
		if (!acquisition.tried.includes(instance)) acquisition.tried.push(instance);
	}

	#lose(attempt: Attempt): void {
		if (attempt.ended) return;
		this.#close(attempt, { type: "abandoned" });
		attempt.abort(TOO_LATE);
	}

	/**
	 * After a failure: returns when another attempt is to be made at once.
	 *
	 * @throws SpearError the failure, when none may be or none can be in what is left of the deadline.
	 */
	async #recover(failure: SpearError): Promise<AttemptRole> {
		const { route, acquisition, state, settings, request, startedAt, decision } = this.#options;
		if (this.#abort.signal.aborted) throw failure.code === "cancelled" ? failure : abortError(this.#abort.signal);
		if (this.#attempts >= route.rules.maxAttempts || !isRetriable(failure, route.rules.idempotent)) throw failure;
		const now = state.clock.now();
		if (acquisition.hasOther()) {
			this.#last = failure;
			return acquisition.tried.length === 0 ? "retry" : "fallback";
		}
		if (!failure.retryable) throw failure;
		const pause = Math.max(backoffMs(settings.backoff, this.#repetitions, state.random), failure.retryAfterMs ?? 0);
		if (now + pause >= startedAt + (request.timeout_ms ?? Number.POSITIVE_INFINITY)) throw failure;
		if (!state.retries.withdraw(now)) {
			decision.events.push({ at_ms: Math.round(now - startedAt), type: "limited", detail: "the budget of repetitions is used up" });
			throw failure;
		}
		this.#repetitions += 1;
		this.#last = failure;
		decision.events.push({
			at_ms: Math.round(now - startedAt),
			type: "backed_off",
			detail: `${Math.round(pause)} ms before the next attempt`,
		});
		await this.#pause(pause);
		acquisition.tried.length = 0;
		return "retry";
	}

	#pause(ms: number): Promise<void> {
		const { signal } = this.#abort;
		return new Promise((resolve, reject) => {
			const onAbort = (): void => {
				cancel();
				reject(abortError(signal));
			};
			const cancel = this.#options.state.clock.after(ms, () => {
				signal.removeEventListener("abort", onAbort);
				resolve();
			});
			signal.addEventListener("abort", onAbort, { once: true });
		});
	}

	/** Puts the end of an attempt on record and releases what it held. */
	#close(attempt: Attempt, outcome: Outcome, usage?: types.Usage): void {
		this.#note(attempt, outcome.type === "failed" ? outcome.error : outcome.type === "abandoned" ? TOO_LATE : undefined);
		this.#release(attempt, outcome, usage);
	}

	#note(attempt: Attempt, failure?: SpearError): void {
		const { decision, state, startedAt } = this.#options;
		const { lease, instance, role, firstOutputMs } = attempt;
		decision.attempts.push({
			backend: instance.name,
			latency_ms: Math.round(state.clock.now() - lease.startedAt),
			...(failure === undefined ? {} : { failure: failure.code, detail: failure.message }),
			role,
			start_ms: Math.round(lease.startedAt - startedAt),
			...(firstOutputMs === undefined ? {} : { first_output_ms: Math.round(firstOutputMs) }),
			...(instance.keys.keys.length > 1 ? { key: lease.key.number } : {}),
		});
	}

	#release(attempt: Attempt, outcome: Outcome, usage: types.Usage | undefined): void {
		const { decision, request } = this.#options;
		attempt.detach();
		if (outcome.type === "succeeded") {
			attempt.settle(usage);
			decision.usage = usage;
			decision.cost = costOf(attempt.price, usage, request.size);
		} else if (outcome.type === "failed" && outcome.error.processed !== "unknown" && attempt.firstOutputMs === undefined) {
			attempt.settleNothing();
		} else {
			attempt.settle(undefined);
		}
		attempt.lease.release(outcome);
	}

	/** Ends the execution, and gives the failure as the guest shall see it. */
	#end(): void;
	#end(failure: SpearError): SpearError;
	#end(failure?: SpearError): SpearError | undefined {
		const { request, decision } = this.#options;
		const error = failure?.with({ operation: request.operation, explanation: decision.snapshot() });
		if (!this.#ended) {
			this.#leave();
			this.#tell(error);
		}
		return error;
	}

	#leave(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#cancelDeadline();
		this.#options.signal.removeEventListener("abort", this.#onAbort);
		this.#options.state.leave(this.#options.request.operation);
		this.#options.onLeave();
	}

	#tell(error?: SpearError): void {
		const { request, decision, onEnd } = this.#options;
		const { usage, cost, chosen } = decision;
		onEnd({
			type: "decision",
			requestId: request.request_id,
			operation: request.operation,
			...(chosen === undefined ? {} : { chosen }),
			attempts: decision.attempts,
			get explanation() {
				return decision.snapshot();
			},
			...(this.#fallenBackFrom.length === 0 ? {} : { fallenBackFrom: this.#fallenBackFrom }),
			...(usage === undefined ? {} : { usage }),
			...(cost === undefined ? {} : { cost }),
			...(error === undefined ? {} : { error }),
		});
	}
}

/** What an attempt ends with that another was quicker than. */
const TOO_LATE = new SpearError("cancelled", "another attempt answered first");
