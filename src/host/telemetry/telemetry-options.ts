import type { TelemetryMeter, TelemetryTracer } from "../../telemetry/tracing/open-telemetry.ts";

/** Metrics and traces of a host, in addition to `[telemetry]` of the configuration. */
export interface TelemetryHostOptions {
	/** Records metrics, for `Host.metrics`. The default is `metrics` of the configuration. */
	readonly metrics?: boolean;
	/** Receives the metrics: a `Meter` of `@opentelemetry/api`. The default is the registered one if `opentelemetry` of the configuration is true. */
	readonly meter?: TelemetryMeter;
	/** Receives the spans: a `Tracer` of `@opentelemetry/api`, which must be installed. The default is as for `meter`. */
	readonly tracer?: TelemetryTracer;
}

/** Metrics of a host. */
export interface HostMetrics {
	/** Media type of the text, for the header `content-type`. */
	readonly contentType: string;
	/**
	 * Returns all metrics in the text format of Prometheus. The number of series is bounded, whatever names guests choose.
	 *
	 * ```ts
	 * server.on("request", (_, response) => response.setHeader("content-type", metrics.contentType).end(metrics.prometheus()));
	 * ```
	 */
	prometheus(): string;
}
