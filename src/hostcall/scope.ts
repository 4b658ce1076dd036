import type * as log from "../../generated/ir/log.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import type { Answer, RouteDecision } from "../router/router.ts";

/** What the host enforces on one guest. */
export interface GuestLimits {
	/** Sends of a chat session since its last user message. */
	readonly maxIterations: number;
	/** Tool calls of a chat session since its last user message. */
	readonly maxTotalToolCalls: number;
	/** Bytes of one tool result, as UTF-8. */
	readonly maxToolOutputBytes: number;
	/** Bytes of events that may wait in one stream. */
	readonly streamBufferBytes: number;
	/** Bytes of one log line, its fields included. */
	readonly maxLogBytes: number;
}

/** One call on its way from a hostcall into the layers below. */
export interface Call<O extends Operation> {
	readonly operation: O;
	readonly payload: OperationMap[O]["payload"];
	readonly options: CallOptions | undefined;
}

/** The layers below: normalize, router, backends. */
export interface Pipeline {
	/** Waits for the whole answer. Rejects only with a SpearError. */
	unary<O extends Operation>(call: Call<O>, signal: AbortSignal): Promise<Answer<O>>;
	/**
	 * Checks the call, rejecting with `invalid_request`, and gives what opens its stream: events ending in `completed`;
	 * a failure is thrown as a SpearError. `onDecision` is told how the router decided, before the last event.
	 */
	stream<O extends Operation>(call: Call<O>, onDecision?: (decision: RouteDecision) => void): Promise<OpenStream<OperationMap[O]["event"]>>;
}

export type OpenStream<E> = (signal: AbortSignal) => AsyncIterable<E>;

/** What the hostcalls of one guest instance share. */
export interface GuestScope {
	/** Aborted when the run ends, whatever ends it. */
	readonly signal: AbortSignal;
	readonly limits: GuestLimits;
	readonly pipeline: Pipeline;
	/** Takes the guest's log line, already cut to size. */
	readonly writeLog: (level: log.Level, message: string, fields: readonly log.LogField[]) => void;
}
