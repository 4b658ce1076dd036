import type { TraceContext } from "../../identity/trace-context.ts";
import type { OpenTelemetryApi, TelemetryAttributes, TelemetryContext, TelemetrySpan, TelemetryTracer } from "./open-telemetry.ts";

/** Values of the enumeration `SpanKind`. */
export const KIND = { internal: 0, client: 2 } as const;

/** Value of the enumeration `SpanStatusCode` for an error. */
const ERROR = 2;

/** Flag of a trace that is recorded. */
const SAMPLED = 1;

/** Longest message of a status, in UTF-16 units. */
const MAX_MESSAGE = 1_024;

/** A place in a trace under which spans start. */
export type SpanParent = TelemetryContext;

export interface SpanStart {
	readonly name: string;
	readonly kind: (typeof KIND)[keyof typeof KIND];
	readonly attributes: TelemetryAttributes;
	readonly parent: SpanParent;
}

/** Starts spans at a tracer. What the tracer throws is reported, and reaches no request. */
export class Tracing {
	readonly #tracer: TelemetryTracer;
	readonly #api: OpenTelemetryApi;
	readonly #onFailure: (cause: unknown) => void;

	constructor(tracer: TelemetryTracer, api: OpenTelemetryApi, onFailure: (cause: unknown) => void) {
		this.#tracer = tracer;
		this.#api = api;
		this.#onFailure = onFailure;
	}

	/**
	 * Returns the place under which spans of a trace start.
	 *
	 * @param trace A span of another process. `undefined`: the span of this process that is active, or none.
	 */
	parentOf(trace: TraceContext | undefined): SpanParent {
		const { context, trace: traces, ROOT_CONTEXT } = this.#api;
		if (trace === undefined) return context.active();
		const { traceId, spanId, isSampled } = trace;
		return traces.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: isSampled ? SAMPLED : 0, isRemote: true });
	}

	/** Starts a span. Without one, as after a failure of the tracer, spans below it start at its parent. */
	start({ name, kind, attributes, parent }: SpanStart): ActiveSpan {
		const guard = this.#guard;
		const span = guard(() => this.#tracer.startSpan(name, { kind, attributes }, parent));
		const below = span === undefined ? undefined : guard(() => this.#api.trace.setSpan(parent, span));
		return new ActiveSpan(span, below ?? parent, guard);
	}

	readonly #guard = <T>(act: () => T): T | undefined => {
		try {
			return act();
		} catch (cause) {
			this.#onFailure(cause);
			return undefined;
		}
	};
}

/** A span that has started. */
export class ActiveSpan {
	/** The place under which spans below it start. */
	readonly below: SpanParent;
	/** The span for other processes. `undefined` if the tracer has failed. */
	readonly trace: TraceContext | undefined;
	/** False for a span that no exporter receives: attributes for it need not be made. */
	readonly isRecording: boolean;
	readonly #span: TelemetrySpan | undefined;
	readonly #guard: <T>(act: () => T) => T | undefined;
	#ended = false;

	constructor(span: TelemetrySpan | undefined, below: SpanParent, guard: <T>(act: () => T) => T | undefined) {
		this.#span = span;
		this.below = below;
		this.#guard = guard;
		this.isRecording = (span === undefined ? undefined : guard(() => span.isRecording())) ?? false;
		this.trace = span === undefined ? undefined : guard(() => traceOfSpan(span));
	}

	setAttributes(attributes: TelemetryAttributes): void {
		if (!this.isRecording) return;
		this.#guard(() => this.#span?.setAttributes(attributes));
	}

	/** @param at Time of the event, in milliseconds since 1970. The default is now. */
	addEvent(name: string, attributes: TelemetryAttributes = {}, at?: number): void {
		if (!this.isRecording) return;
		this.#guard(() => this.#span?.addEvent(name, attributes, at));
	}

	/** Ends the span once. `failure` is absent for a success. */
	end(failure?: { readonly code: string; readonly message: string }): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#guard(() => {
			if (failure !== undefined) {
				this.#span?.setAttributes({ "error.type": failure.code });
				this.#span?.setStatus({ code: ERROR, message: failure.message.slice(0, MAX_MESSAGE).toWellFormed() });
			}
			this.#span?.end();
		});
	}
}

/** Returns the context of a span; `undefined` for a span without a valid one, as of a tracer without an SDK. */
function traceOfSpan(span: TelemetrySpan): TraceContext | undefined {
	const { traceId, spanId, traceFlags } = span.spanContext();
	return /^0*$/.test(traceId) || /^0*$/.test(spanId) ? undefined : { traceId, spanId, isSampled: (traceFlags & SAMPLED) === SAMPLED };
}
