/**
 * The parts of `@opentelemetry/api` that the host uses, as shapes. The package is optional, so that no type of it stands in the types of this
 * one. The `Tracer` and the `Meter` of the package have these shapes.
 */

/** Attributes of a span, an event or a record. */
export type TelemetryAttributes = Record<string, string | number | boolean | string[]>;

/** A set of values that spans start under. */
export interface TelemetryContext {
	getValue(key: symbol): unknown;
}

export interface TelemetrySpanContext {
	readonly traceId: string;
	readonly spanId: string;
	readonly traceFlags: number;
}

export interface TelemetrySpan {
	spanContext(): TelemetrySpanContext;
	setAttributes(attributes: TelemetryAttributes): unknown;
	/** @param time Milliseconds since 1970. */
	addEvent(name: string, attributes?: TelemetryAttributes, time?: number): unknown;
	/** @param status Code 2 is an error. */
	setStatus(status: { code: number; message?: string }): unknown;
	/** False for a span that no exporter receives. */
	isRecording(): boolean;
	end(): void;
}

/** A tracer of `@opentelemetry/api`. */
export interface TelemetryTracer {
	/** @param options Kind 0 is internal, and kind 2 is a client. */
	startSpan(name: string, options?: { kind?: number; attributes?: TelemetryAttributes }, context?: TelemetryContext): TelemetrySpan;
}

export interface TelemetryInstrument {
	add(amount: number, attributes?: TelemetryAttributes): void;
}

export interface TelemetryHistogram {
	record(value: number, attributes?: TelemetryAttributes): void;
}

export interface TelemetryGauge {
	addCallback(callback: (result: { observe(value: number, attributes?: TelemetryAttributes): void }) => void): void;
	removeCallback(callback: (result: { observe(value: number, attributes?: TelemetryAttributes): void }) => void): void;
}

export interface InstrumentOptions {
	description?: string;
	unit?: string;
	advice?: { explicitBucketBoundaries?: number[] };
}

/** A meter of `@opentelemetry/api`. */
export interface TelemetryMeter {
	createCounter(name: string, options?: InstrumentOptions): TelemetryInstrument;
	createHistogram(name: string, options?: InstrumentOptions): TelemetryHistogram;
	createObservableGauge(name: string, options?: InstrumentOptions): TelemetryGauge;
}

/** The module `@opentelemetry/api`. */
export interface OpenTelemetryApi {
	readonly ROOT_CONTEXT: TelemetryContext;
	readonly context: { active(): TelemetryContext };
	readonly trace: {
		getTracer(name: string, version?: string): TelemetryTracer;
		setSpan(context: TelemetryContext, span: TelemetrySpan): TelemetryContext;
		setSpanContext(context: TelemetryContext, spanContext: TelemetrySpanContext & { isRemote?: boolean }): TelemetryContext;
	};
	readonly metrics: { getMeter(name: string, version?: string): TelemetryMeter };
}
