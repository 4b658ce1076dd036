import { BindingError, type CallSite, ConversionError } from "../../generated/hostcall/runtime.ts";
import type { Logger, LogLevel } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { RateBudget } from "./rate-budget.ts";

/** Largest number of fault lines of one guest instance a second. A guest may cause faults in a loop. */
const MAX_LINES_PER_S = 10;

/** Returns a logger for the faults of one guest instance. Warnings and errors beyond ten a second are counted, not written. */
export function faultLogger(logger: Logger, clock: Clock, signal: AbortSignal): Logger {
	const budget = new RateBudget({
		maxItems: MAX_LINES_PER_S,
		maxBytes: Number.POSITIVE_INFINITY,
		clock,
		signal,
		onDropped: (lines) =>
			logger.warn({ dropped_lines: lines }, `${lines} fault lines of a guest were dropped: more than ${MAX_LINES_PER_S} a second`),
	});
	const bounded =
		(level: LogLevel): Logger[LogLevel] =>
		(fields, message) => {
			if (budget.admit(0)) logger[level](fields, message);
		};
	return {
		trace: (fields, message) => logger.trace(fields, message),
		debug: (fields, message) => logger.debug(fields, message),
		info: (fields, message) => logger.info(fields, message),
		warn: bounded("warn"),
		error: bounded("error"),
	};
}

/** Logs a failure that cannot be returned to the guest. A fault that the guest itself causes, such as a dropped handle, has no stack. */
export function logFault(cause: unknown, site: CallSite, logger: Logger): void {
	const hostcall = `${site.interface}.${site.function}`;
	const expected = cause instanceof ConversionError || (cause instanceof BindingError && cause.code !== "internal");
	if (expected) logger.warn({ hostcall }, `a guest misused a hostcall: ${cause.message}`);
	else logger.error({ err: cause, hostcall }, "a hostcall failed");
}
