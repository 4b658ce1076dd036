import type { Operation } from "../../../generated/ir/operations.ts";
import type { ClientCallOptions, HostClient } from "../../host/client.ts";
import { parseTraceparent } from "../../identity/trace-context.ts";
import type { Context } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";
import { spearHeaders } from "./chat-api.ts";
import { clientAbort } from "./client-signal.ts";

/** Parts that a handler needs to make a client's call. */
export interface ServedCall {
	readonly hostClient: HostClient;
	/** Aborts the call. Aborted when the client closes the connection. */
	readonly abort: AbortController;
	/** Options of the call, without those that the request names. */
	readonly options: ClientCallOptions;
	/** Time of the request, in seconds since 1970. */
	readonly created: number;
	/** Returns the headers that name the backend and the decision. */
	headers(backend: string | undefined): Record<string, string>;
}

/** Returns the parts that a handler needs to make a client's call. */
export function servedCall(c: Context<ServeEnv>): ServedCall {
	const requestId = c.get("requestId");
	const abort = clientAbort(c.req.raw);
	const traceparent = c.req.raw.headers.get("traceparent");
	const trace = traceparent === null || parseTraceparent(traceparent) === undefined ? {} : { traceparent };
	return {
		hostClient: c.get("client").hostClient,
		abort,
		options: { signal: abort.signal, requestId, ...trace },
		created: Math.floor(Date.now() / 1000),
		headers: (backend) => spearHeaders({ requestId }, backend),
	};
}

/**
 * Refuses a client that may not use the operation at all, before its upload is read. The model is checked later, when the form has named one.
 *
 * @throws HttpError 403.
 */
export function checkOperation(c: Context<ServeEnv>, operation: Operation): void {
	const client = c.get("client");
	if (!client.mayUse(operation)) client.check(operation, undefined);
}
