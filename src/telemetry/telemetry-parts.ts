import type { TraceContext } from "../identity/trace-context.ts";
import type { MetricsRecorder } from "./metrics/recorder.ts";
import type { ContentOptions } from "./tracing/message-content.ts";
import type { Tracing } from "./tracing/tracing.ts";
import type { UpstreamName } from "./upstreams.ts";

/** The part of the configuration that a reload can change. */
export interface TelemetrySettings {
	/** Upstreams by the names of their backends. */
	readonly upstreams: ReadonlyMap<string, UpstreamName>;
	/** Backends whose upstreams receive a `traceparent`. */
	readonly propagate: ReadonlySet<string>;
	/** Capture of the content of messages. `undefined` for none. */
	readonly content: ContentOptions | undefined;
}

/** The parts of a host that record its metrics and spans. */
export interface TelemetryParts {
	/** `undefined` without metrics. */
	readonly recorder: MetricsRecorder | undefined;
	/** `undefined` without spans. */
	readonly tracing: Tracing | undefined;
	/** Returns milliseconds of a clock that never goes back. */
	readonly now: () => number;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
	/** Returns the settings for the next call. */
	readonly settings: () => TelemetrySettings;
}

/** A guest or client whose calls are observed. */
export interface ObservedGuest {
	/** Name as it is shown. */
	readonly name: string;
	/** True for a guest, whose calls are hostcalls. */
	readonly isGuest: boolean;
	/** The span that its runs or calls belong to, if they name none. */
	readonly trace?: TraceContext | undefined;
}

/** Calls of a run so far. */
export interface RunCounts {
	requests: number;
	toolCalls: number;
}
