import type { Logger, LogLevel } from "../../src/telemetry/logger.ts";

/** A line that a test logger received. */
export interface LoggedLine {
	readonly level: LogLevel;
	readonly fields: Readonly<Record<string, unknown>>;
	readonly message: string;
}

/** Returns a logger that keeps its lines. */
export function memoryLog(): { readonly logger: Logger; readonly lines: LoggedLine[]; at(...levels: LogLevel[]): LoggedLine[] } {
	const lines: LoggedLine[] = [];
	const write =
		(level: LogLevel): Logger[LogLevel] =>
		(fields, message) =>
			void lines.push({ level, fields, message });
	const logger = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
	return { logger, lines, at: (...levels) => lines.filter(({ level }) => levels.includes(level)) };
}
