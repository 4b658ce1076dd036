/** The span that a request belongs to. */
export interface TraceContext {
	/** 32 lower-case hexadecimal digits. */
	readonly traceId: string;
	/** 16 lower-case hexadecimal digits. */
	readonly spanId: string;
	/** True if the caller records the trace. */
	readonly isSampled: boolean;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Returns the trace context in a `traceparent` header; `undefined` for text that is none. Later versions of the format may append fields.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(text: string): TraceContext | undefined {
	const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text) ?? [];
	if (traceId === undefined || spanId === undefined || flags === undefined || (version === "00" && more !== undefined)) return undefined;
	return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Returns a trace context as a `traceparent` header of version 00. */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
	return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}
