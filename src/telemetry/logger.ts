import { pino } from "pino";

/** Levels of the host's log, least severe first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** What the host logs to: structurally a pino logger, so that an embedder can hand over its own. */
export type Logger = {
	readonly [Level in LogLevel]: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

export interface LoggerOptions {
	readonly level: LogLevel | "silent";
	/** Takes one finished line, its newline included. */
	readonly write: (line: string) => void;
	/** Applied to each finished line. */
	readonly redact: (text: string) => string;
}

/** JSON lines by pino, redacted as the last step before they are written. */
export function createLogger({ level, write, redact }: LoggerOptions): Logger {
	return pino(
		{ level, base: null, serializers: { err: pino.stdSerializers.errWithCause } },
		{ write: (line: string) => write(redact(line)) },
	);
}

/** The logger, whatever it throws swallowed: a log that cannot be written is no reason for a call to fail, and nobody is left to tell. */
export function neverThrows(logger: Logger): Logger {
	const guard =
		(level: LogLevel): Logger[LogLevel] =>
		(fields, message) => {
			try {
				logger[level](fields, message);
			} catch {}
		};
	return { trace: guard("trace"), debug: guard("debug"), info: guard("info"), warn: guard("warn"), error: guard("error") };
}
