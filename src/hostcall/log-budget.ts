import type { Clock } from "../time/clock.ts";
import { RateBudget } from "./rate-budget.ts";
import type { GuestScope } from "./scope.ts";

/**
 * Creates the budget of what one guest instance writes: log lines, and the lines of standard output and standard error. One log line a
 * second says how much was dropped.
 */
export function createLogBudget({
	limits,
	clock,
	signal,
	writeLog,
}: Pick<GuestScope, "limits" | "signal" | "writeLog"> & { readonly clock: Clock }): RateBudget {
	return new RateBudget({
		maxItems: limits.maxLogLinesPerS,
		maxBytes: limits.maxLogBytesPerS,
		clock,
		signal,
		onDropped: (lines, bytes) =>
			writeLog("warn", "log and output lines of the guest were dropped: more than max_log_lines_per_s or max_log_bytes_per_s", [
				{ key: "dropped_lines", value: String(lines) },
				{ key: "dropped_bytes", value: String(bytes) },
			]),
	});
}
