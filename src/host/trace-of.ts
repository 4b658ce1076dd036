import { SpearError } from "../errors/spear-error.ts";
import { parseTraceparent, type TraceContext } from "../identity/trace-context.ts";

/**
 * Returns the trace context of an embedder's `traceparent`.
 *
 * @throws SpearError `invalid_request` for text that is none.
 */
export function traceOf(traceparent: string | undefined): TraceContext | undefined {
	if (traceparent === undefined) return undefined;
	const trace = parseTraceparent(traceparent);
	if (trace !== undefined) return trace;
	throw new SpearError("invalid_request", "traceparent: it must have the form 00-<32 hex digits>-<16 hex digits>-<2 hex digits>");
}
