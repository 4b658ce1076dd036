import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type * as log from "../../generated/ir/log.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";

/** What an embedder can watch of a run, in the order it happens. Carries payloads, never keys or URLs of backends. */
export type HostEvent =
	/** A request left normalize and goes to the router. */
	| { readonly type: "request"; readonly request: RequestEnvelope<Operation> }
	/** An event of a streamed answer came from the backend. */
	| {
			readonly type: "stream-event";
			readonly requestId: string;
			readonly operation: Operation;
			readonly event: OperationMap[Operation]["event"];
	  }
	/** A whole answer came from the backend. */
	| {
			readonly type: "response";
			readonly requestId: string;
			readonly operation: Operation;
			readonly payload: OperationMap[Operation]["result"];
	  }
	/** The router's decision on a request is final: it succeeded or failed. */
	| RouteDecision
	/** A session that stood has failed. One that ends in order is told of by its `response`. */
	| { readonly type: "session-failed"; readonly requestId: string; readonly operation: Operation; readonly error: SpearError }
	/** A log line of the guest. */
	| { readonly type: "log"; readonly level: log.Level; readonly message: string; readonly fields: readonly log.LogField[] }
	/** A line the guest wrote to its standard output or error. */
	| { readonly type: "output"; readonly stream: "stdout" | "stderr"; readonly line: string };

export type HostEventListener = (event: HostEvent) => void;
