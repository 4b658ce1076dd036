import { type RedactLine, redactedLine } from "./log-line.ts";
import type { GuestLimits, GuestScope } from "./scope.ts";

export interface LogWriterOptions {
	readonly limits: Pick<GuestLimits, "maxLogBytes">;
	readonly redact: RedactLine;
	/** Receives the line as it may be shown. */
	readonly write: GuestScope["writeLog"];
}

/** Creates the function that writes the log lines of one guest instance: without keys, and cut to `max_log_bytes`. */
export function createLogWriter({ limits, redact, write }: LogWriterOptions): GuestScope["writeLog"] {
	return (level, message, fields) => {
		const shown = fields.map(({ key, value }) => ({ key: redact(key), value: redact(value) }));
		write(level, redactedLine(message, limits.maxLogBytes, redact), shown);
	};
}
