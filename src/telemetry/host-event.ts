import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type * as log from "../../generated/ir/log.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type { GuestError } from "../errors/guest-error.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";

/** A normalized request, before it is routed. */
export type RequestEvent<O extends Operation = Operation> = {
	[P in O]: { readonly type: "request"; readonly operation: P; readonly request: RequestEnvelope<P> };
}[O];

/** An event of a stream, as the backend delivered it. */
export type StreamedEvent<O extends Operation = Operation> = {
	[P in O]: { readonly type: "stream-event"; readonly requestId: string; readonly operation: P; readonly event: OperationMap[P]["event"] };
}[O];

/** A whole response, as the backend delivered it. For a realtime session, the report at its end. */
export type ResponseEvent<O extends Operation = Operation> = {
	[P in O]: { readonly type: "response"; readonly requestId: string; readonly operation: P; readonly payload: OperationMap[P]["result"] };
}[O];

/** A call of a tool that the host runs, after its end. Neither arguments nor output are part of the event. */
export interface ToolCallEvent {
	readonly type: "tool-call";
	/** Id of the server in the configuration. */
	readonly server: string;
	/** Name of the tool, as the server calls it. */
	readonly tool: string;
	/** Time from the call to its end, in milliseconds. */
	readonly durationMs: number;
	/** Size of the output that the model receives, in bytes of UTF-8. */
	readonly bytes: number;
	/** `ok`: the tool ran. `error`: the tool ran, and its output says that it failed. `failed`: no output. `cancelled`: the run has ended. */
	readonly outcome: "ok" | "error" | "failed" | "cancelled";
	/** Reason of `failed`. */
	readonly message?: string;
}

/** A failed session. A session that ends in order emits a `response` instead. */
export interface SessionFailedEvent {
	readonly type: "session-failed";
	readonly requestId: string;
	readonly operation: Operation;
	/** Name of the instance that held the session. */
	readonly backend?: string;
	readonly error: SpearError;
}

/** A log line of the guest. */
export interface LogEvent {
	readonly type: "log";
	readonly level: log.Level;
	readonly message: string;
	readonly fields: readonly log.LogField[];
}

/** A line that the guest wrote to its standard output or error. */
export interface OutputEvent {
	readonly type: "output";
	readonly stream: "stdout" | "stderr";
	readonly line: string;
}

/** The end of a run of a guest. The last event of the run, but for events of requests that the end cancels. */
export interface RunEndedEvent {
	readonly type: "run-ended";
	/** CPU time of the guest in the run, in milliseconds: its code, and the hostcalls that do not wait. 0 for a guest that is not metered. */
	readonly cpuMs: number;
	/** Time from the start of the run to its end, in milliseconds. */
	readonly durationMs: number;
	/** Error that the run throws. Absent for a run that answered. */
	readonly error?: SpearError | GuestError;
}

/**
 * An event of a run or a client. Events are emitted in the order in which they happen, and contain payloads, but never keys or URLs
 * of backends. A test of `operation` narrows the payload.
 */
export type HostEvent =
	| RequestEvent
	| StreamedEvent
	| ResponseEvent
	/** The final decision of the router on a request that succeeded or failed. */
	| RouteDecision
	| SessionFailedEvent
	| ToolCallEvent
	| LogEvent
	| OutputEvent
	| RunEndedEvent;

export type HostEventListener = (event: HostEvent) => void;
