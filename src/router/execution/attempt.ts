import { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { AttemptRole, RouteAttempt } from "../decision/explanation.ts";
import type { AttemptOutcome } from "../decision/route-decision.ts";
import type { Instance } from "../instances/instance.ts";
import type { Delivery } from "../limits/delivery.ts";
import type { Outcome } from "../resilience/health.ts";
import type { AttemptObserver } from "./attempt-observer.ts";
import type { Lease } from "./lease.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** The start of an attempt. */
export interface AttemptStart<T> {
	/** Starts the attempt. Resolves with its first output. May throw at once too. */
	readonly start: (attempt: Attempt) => Promise<T>;
	/** Discards a first output that arrives after the attempt has ended. Absent for an output that holds nothing. */
	readonly discardLate?: (late: T) => void;
}

/** Error of an attempt that another one has overtaken. */
export const SUPERSEDED = new SpearError("cancelled", "another attempt had its first output earlier");

/** A try of one instance: its lease, a signal of its own, and its time limits. Ends once: in `close`, or in `release` if it is already recorded. */
export class Attempt {
	readonly lease: Lease;
	readonly role: AttemptRole;
	/** `undefined` unless the request is observed. */
	readonly observer: AttemptObserver | undefined;
	readonly #routed: RoutedRequest;
	/** Scope of the whole request. The cancellation of this scope cancels the attempt. */
	readonly #parent: CancelScope;
	readonly #scope = new CancelScope();
	readonly #onCancel = (reason: SpearError): void => this.#scope.cancel(reason);
	/** Ends the time limit of the first output. `undefined` for no limit. */
	#cancelLimit: (() => void) | undefined;
	#firstOutputMs: number | undefined;
	#ended = false;

	constructor(routed: RoutedRequest, parent: CancelScope, lease: Lease, role: AttemptRole, observer?: AttemptObserver) {
		this.#routed = routed;
		this.#parent = parent;
		this.lease = lease;
		this.role = role;
		this.observer = observer;
		parent.onCancel(this.#onCancel);
	}

	get instance(): Instance {
		return this.lease.instance;
	}

	get signal(): AbortSignal {
		return this.#scope.signal;
	}

	/** Reason for which it was cancelled. `undefined` while it may go on. */
	get reason(): SpearError | undefined {
		return this.#scope.reason;
	}

	/** Value of its key. `undefined` for an instance that needs none. */
	get apiKey(): string | undefined {
		return this.lease.keyValue;
	}

	/** Time from the start to the first output, in milliseconds. `undefined` before it. */
	get firstOutputMs(): number | undefined {
		return this.#firstOutputMs;
	}

	/** True after its end. */
	get ended(): boolean {
		return this.#ended;
	}

	/**
	 * Starts the attempt. Resolves with its first output, whose time the caller records by `recordFirstOutput`. The caller calls `endLimit` when
	 * the promise settles or the call throws: an async function around it would cost more than both.
	 *
	 * @throws SpearError `timeout` when the route's wait for a first output is over; the reason of the signal when that is aborted; any error of the backend.
	 */
	start<T>({ start, discardLate }: AttemptStart<T>): Promise<T> {
		this.#cancelLimit = this.#limit(this.#routed.route.rules.firstEventTimeoutMs, noOutput);
		return this.#scope.race(start(this), discardLate);
	}

	/** Records that the first output has arrived. */
	recordFirstOutput(): void {
		this.#firstOutputMs = this.lease.recordFirstOutput();
		this.observer?.onFirstOutput();
	}

	/** Ends the time limit of the first output. */
	endLimit(): void {
		this.#cancelLimit?.();
		this.#cancelLimit = undefined;
	}

	/**
	 * Waits for the next event of a stream that has started.
	 *
	 * @param timeoutMs Longest wait, in milliseconds. `undefined` for no limit.
	 * @throws SpearError as `start`.
	 */
	next<T>(event: Promise<T>, timeoutMs: number | undefined): Promise<T> {
		const next = this.#scope.race(event);
		return timeoutMs === undefined ? next : this.#within(next, timeoutMs);
	}

	async #within<T>(event: Promise<T>, timeoutMs: number): Promise<T> {
		const cancel = this.#limit(timeoutMs, noFurtherOutput);
		try {
			return await event;
		} finally {
			cancel?.();
		}
	}

	abort(reason: SpearError): void {
		this.#scope.cancel(reason);
	}

	/** Records the end of the attempt and releases its lease. */
	close(outcome: Outcome, delivery?: Delivery): void {
		this.record(outcome.type === "failed" ? outcome.error : outcome.type === "abandoned" ? SUPERSEDED : undefined);
		this.release(outcome, delivery);
	}

	/** Adds the attempt to the decision, as it is now. `failure` is `undefined` for a success. */
	record(failure?: SpearError): void {
		const { decision, clock, startedAt } = this.#routed;
		const { lease, role } = this;
		const { name: backend, keys } = lease.instance;
		const { name: key } = lease.key;
		const outcome: Mutable<AttemptOutcome> = { backend };
		if (key !== undefined) outcome.key = key;
		if (failure !== undefined) outcome.error = failure;
		const latency_ms = Math.round(clock.now() - lease.startedAt);
		const start_ms = Math.round(lease.startedAt - startedAt);
		const attempt: Mutable<RouteAttempt> =
			failure === undefined
				? { backend, latency_ms, role, start_ms }
				: { backend, latency_ms, failure: failure.code, detail: failure.message, role, start_ms };
		if (this.#firstOutputMs !== undefined) attempt.first_output_ms = Math.round(this.#firstOutputMs);
		if (keys.keys.length > 1) attempt.key = lease.key.number;
		decision.addAttempt(attempt, outcome);
		this.observer?.end(failure);
	}

	/** Ends the attempt without a record: releases its lease. For a session, which is recorded when it is established. */
	release(outcome: Outcome, delivery?: Delivery): void {
		const { decision } = this.#routed;
		this.#ended = true;
		this.#parent.removeListener(this.#onCancel);
		const usage = delivery?.reported ?? (outcome.type === "failed" ? outcome.error.usage : undefined);
		if (outcome.type === "succeeded" || usage !== undefined) {
			decision.usage = usage;
			decision.cost = this.lease.charges?.costOf(usage);
		}
		this.lease.release(outcome, delivery);
	}

	#limit(ms: number | undefined, message: (ms: number) => string): (() => void) | undefined {
		if (ms === undefined) return undefined;
		return this.#routed.clock.after(ms, () => this.#scope.cancel(new SpearError("timeout", message(ms), { processed: "unknown" })));
	}
}

/** A record whose optional members are set one by one. Spread into it, they would make it slow to create. */
type Mutable<T> = { -readonly [M in keyof T]: T[M] };

function noOutput(ms: number): string {
	return `the backend sent no output within ${ms} ms (first_event_timeout_ms of the route)`;
}

function noFurtherOutput(ms: number): string {
	return `the backend sent no further output within ${ms} ms (idle_timeout_ms of the route)`;
}
