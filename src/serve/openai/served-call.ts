import type { Operation } from "../../../generated/ir/operations.ts";
import type { CallOptions, Downgrade } from "../../../generated/ir/types.ts";
import type { ClientCallOptions, HostClient } from "../../host/client.ts";
import { parseTraceparent } from "../../identity/trace-context.ts";
import type { Context } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { spearHeaders } from "./chat-api.ts";
import { withoutClientMembers } from "./client-members.ts";
import { clientAbort } from "./client-signal.ts";

/** Parts that a handler needs to make a client's call. */
export interface ServedCall {
	readonly hostClient: HostClient;
	/** Aborts the call. Aborted when the client closes the connection. */
	readonly abort: AbortController;
	/** Options of the call. Members about the client that no backend passes are left out. */
	readonly options: ClientCallOptions;
	/** Time of the request, in seconds since 1970. */
	readonly created: number;
	/** Returns a result with what the server has left out of the request, beside what the backend did. */
	withDropped<R extends { downgrades?: Downgrade[] }>(result: R): R;
	/**
	 * Returns the headers that name the backend, the decision, and fields that were treated in another way than requested.
	 *
	 * @param downgrades Known differences. The default is what the server has left out.
	 */
	headers(backend: string | undefined, downgrades?: readonly Downgrade[]): Record<string, string>;
}

/** Returns the parts that a handler needs to make a client's call. */
export function servedCall(
	c: Context<ServeEnv>,
	{ settings }: Pick<ServeContext, "settings">,
	requested: CallOptions | undefined,
): ServedCall {
	const requestId = c.get("requestId");
	const abort = clientAbort(c.req.raw);
	const traceparent = c.req.raw.headers.get("traceparent");
	const trace = traceparent === null || parseTraceparent(traceparent) === undefined ? {} : { traceparent };
	const { options, downgrades: dropped } = withoutClientMembers(requested, settings().passesMember);
	return {
		hostClient: c.get("client").hostClient,
		abort,
		options: { ...options, signal: abort.signal, requestId, ...trace },
		created: Math.floor(Date.now() / 1000),
		withDropped: (result) => (dropped.length === 0 ? result : { ...result, downgrades: [...dropped, ...(result.downgrades ?? [])] }),
		headers: (backend, downgrades = dropped) => ({
			...spearHeaders({ requestId }, backend),
			...(downgrades.length === 0 ? {} : { "x-spear-downgrades": [...new Set(downgrades.map(({ field }) => field))].join(", ") }),
		}),
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
