import type { UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, Transport } from "../../generated/ir/operations.ts";
import type { GuestError } from "../errors/guest-error.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { AttemptObserver, AttemptSubject } from "../router/execution/attempt-observer.ts";

/** Observes the calls of one guest instance or client, for metrics and spans. No method throws. */
export interface CallObserver {
	/**
	 * Called when a call reaches the host.
	 *
	 * @param trace The span that the call belongs to. `undefined`: the run in progress, or the span of the embedder that is active.
	 */
	begin(operation: Operation, transport: Transport, trace: TraceContext | undefined): ObservedCall;
}

/** A call of a guest or client. */
export interface ObservedCall {
	/** The span that the request of the call belongs to. `undefined` for none. */
	readonly trace: TraceContext | undefined;
	/** Called with the normalized request, before it is routed. */
	onRequest(request: UntypedRequestEnvelope): void;
	/** Called when an attempt starts. */
	onAttempt(subject: AttemptSubject): AttemptObserver | undefined;
	/** Called with each event of a stream. */
	onEvent(event: object): void;
	onDecision(decision: RouteDecision): void;
	/** Called with a whole answer, or the report of a session. */
	onResponse(payload: object): void;
	/** Called at the end of the call, with its error if it failed. Further calls have no effect. */
	end(error?: unknown): void;
}

/** The end of a run of a guest. */
export interface RunEnd {
	/** CPU time of the guest, in milliseconds. */
	readonly cpuMs: number;
	readonly durationMs: number;
	/** Absent for a run that answered. */
	readonly error?: SpearError | GuestError;
}

/** A run of a guest. */
export interface ObservedRun {
	/** The span of the run. `undefined` for none. */
	readonly trace: TraceContext | undefined;
	/** Called at the end of the run. Further calls have no effect. */
	end(end: RunEnd): void;
}
