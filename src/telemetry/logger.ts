import { inertJson } from "../formats/inert-json.ts";
import { pino } from "./pino.ts";
import { readableLine } from "./readable-line.ts";

/** Levels of the host's log, least severe first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** The host's log. A pino logger has this shape, so an embedder can pass its own. */
export type Logger = {
	readonly [Level in LogLevel]: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

export interface LoggerOptions {
	/** Least severe level that is written. */
	readonly level: LogLevel | "silent";
	/** Writes one line, which includes its newline. */
	readonly write: (line: string) => void;
	/** Removes secrets from a line before it is written. */
	readonly redact: (text: string) => string;
	/** Form of the lines: JSON, or text for a reader at a terminal, with or without colours. The default is JSON. */
	readonly form?: "json" | "text" | "coloured";
}

/** Creates a logger. Each line is redacted as a whole, and holds no character of its values that a terminal obeys. */
export function createLogger({ level, write, redact, form = "json" }: LoggerOptions): Logger {
	const shown = form === "json" ? inertJson : (json: string): string => readableLine(json, form === "coloured");
	return pino(
		{ level, base: null, serializers: { err: pino.stdSerializers.errWithCause } },
		{ write: (line: string) => write(shown(redact(line))) },
	);
}

/** Returns a logger that ignores what `logger` throws. Otherwise a log that cannot be written would make calls fail. */
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

/** Returns a logger that adds fields to each line. */
export function withFields(logger: Logger, more: () => Readonly<Record<string, unknown>>): Logger {
	const add =
		(level: LogLevel): Logger[LogLevel] =>
		(fields, message) =>
			logger[level]({ ...more(), ...fields }, message);
	return { trace: add("trace"), debug: add("debug"), info: add("info"), warn: add("warn"), error: add("error") };
}
