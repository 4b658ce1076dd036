import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import type { Decision } from "./explanation.ts";
import type { Instance } from "./instance.ts";
import { acquire, type Lease } from "./lease.ts";
import type { RouteContext } from "./router.ts";

/**
 * Whether another backend may be asked after a failure of this kind: when it tells of the backend rather than of the request,
 * the guest's rights or the host itself.
 */
const FALLS_BACK: Readonly<Record<types.ErrorCode, boolean>> = {
	rate_limited: true,
	timeout: true,
	backend_error: true,
	missing_capabilities: true,
	invalid_request: false,
	no_candidate_backend: false,
	backend_not_enabled: false,
	cancelled: false,
	not_permitted: false,
	internal: false,
};

interface Attempt {
	readonly lease: Lease;
	readonly started: number;
}

export interface CourseOptions {
	/** Eligible instances in order of preference; each is tried at most once. */
	readonly order: readonly Instance[];
	readonly decision: Decision;
	/** Milliseconds from some fixed point. */
	readonly now: () => number;
}

/**
 * One request on its way through its candidates: one deadline for all attempts, a lease for each, every attempt on record. It
 * ends once, in `succeed`, `establish`, a `fail` that throws, or `abandon`, and then tells the observer.
 */
export class Course {
	readonly #request: RequestEnvelope<Operation>;
	readonly #context: RouteContext;
	readonly #decision: Decision;
	readonly #now: () => number;
	readonly #left: Instance[];
	readonly #deadline: Deadline;
	readonly #started: number;
	readonly #fallenBackFrom: SpearError[] = [];
	#attempt: Attempt | undefined;

	constructor(request: RequestEnvelope<Operation>, context: RouteContext, { order, decision, now }: CourseOptions) {
		this.#request = request;
		this.#context = context;
		this.#decision = decision;
		this.#now = now;
		this.#left = [...order];
		this.#started = now();
		this.#deadline = startDeadline(context.signal, request.timeout_ms);
	}

	/** Aborted when the call is given up or its deadline passes. */
	get signal(): AbortSignal {
		return this.#deadline.signal;
	}

	/** Milliseconds since the first attempt began. */
	get elapsed(): number {
		return Math.round(this.#now() - this.#started);
	}

	/** Every attempt that has ended, in order. */
	get attempts(): types.Attempt[] {
		return this.#decision.attempts;
	}

	/** Begins an attempt on the next candidate. There is one at first, and whenever `fail` has returned. */
	next(): Instance {
		const instance = this.#left.shift();
		if (instance === undefined) throw new SpearError("internal", "every candidate of the request has been tried");
		this.#decision.choose(instance.name);
		this.#attempt = { lease: acquire(instance), started: this.#now() };
		return instance;
	}

	/** The attempt gave its answer whole. */
	succeed(): void {
		this.establish()?.release();
	}

	/** The attempt opened something that goes on: the deadline is over, the lease is the caller's to release when it ends. */
	establish(): Lease | undefined {
		const lease = this.#record();
		if (lease !== undefined) this.#end();
		return lease;
	}

	/**
	 * The attempt failed. Returns when another candidate may be asked: the failure is one of the backend's, none of its output has
	 * reached the guest, and neither the deadline nor the caller has ended the request.
	 *
	 * @throws SpearError the failure, with the explanation, in all other cases.
	 */
	fail(thrown: unknown, { outputDelivered }: { readonly outputDelivered: boolean }): void {
		const failure = SpearError.from(thrown);
		this.#record(failure)?.release();
		if (!outputDelivered && FALLS_BACK[failure.code] && this.#left.length > 0 && !this.signal.aborted) {
			this.#fallenBackFrom.push(failure);
			return;
		}
		const error = failure.with({ operation: this.#request.operation, explanation: this.#decision.snapshot() });
		this.#end(error);
		throw error;
	}

	/** Nobody waits for the rest. Does nothing once the course has ended. */
	abandon(): void {
		const failure = new SpearError("cancelled", "the stream was given up before it was complete");
		const lease = this.#record(failure);
		if (lease === undefined) return;
		lease.release();
		this.#end(failure.with({ operation: this.#request.operation, explanation: this.#decision.snapshot() }));
	}

	/** Puts the attempt under way on record and gives its lease; `undefined` when none is under way. */
	#record(failure?: SpearError): Lease | undefined {
		if (this.#attempt === undefined) return undefined;
		const { lease, started } = this.#attempt;
		this.#attempt = undefined;
		this.#decision.record({
			backend: lease.instance.name,
			latency_ms: Math.round(this.#now() - started),
			...(failure === undefined ? {} : { failure: failure.code, detail: failure.message }),
		});
		return lease;
	}

	#end(error?: SpearError): void {
		this.#deadline.clear();
		this.#context.onDecision?.({
			requestId: this.#request.request_id,
			explanation: this.#decision.snapshot(),
			...(this.#fallenBackFrom.length === 0 ? {} : { fallenBackFrom: this.#fallenBackFrom }),
			...(error === undefined ? {} : { error }),
		});
	}
}
