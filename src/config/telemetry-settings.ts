import type { TelemetryConfig } from "../../generated/ir/config.ts";
import type { Faults } from "./faults.ts";
import { unknownName } from "./known.ts";

/** Settings of metrics and traces. */
export interface TelemetryOptions {
	readonly metrics: boolean;
	/** True if metrics and spans go to the registered OpenTelemetry SDK. */
	readonly openTelemetry: boolean;
	/** Names of the backends whose upstreams receive the trace context. */
	readonly propagate: ReadonlySet<string>;
	/** Largest size of captured messages, in bytes. `undefined`: no content is captured. */
	readonly maxContentBytes: number | undefined;
}

/** Stands for all backends. */
const ALL = "*";

/**
 * Returns the `[telemetry]` table with every default filled in. Adds a fault for each name that is no backend.
 *
 * @param backends Names of the backends. `undefined` if they are unknown.
 */
export function telemetrySettings(config: TelemetryConfig = {}, backends: readonly string[] | undefined, faults: Faults): TelemetryOptions {
	const { propagate = [] } = config;
	for (const [index, name] of propagate.entries()) {
		if (name === ALL || backends?.includes(name) !== false) continue;
		faults.add(["telemetry", "propagate", index], unknownName(name, backends, faults));
	}
	return {
		metrics: config.metrics ?? false,
		openTelemetry: config.opentelemetry ?? false,
		propagate: new Set(propagate.includes(ALL) ? backends : propagate),
		maxContentBytes: config.capture_content === true ? (config.max_content_bytes ?? 8_192) : undefined,
	};
}
