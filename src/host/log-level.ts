import process from "node:process";
import type { Settings } from "../config/settings.ts";
import type { LoggerOptions } from "../telemetry/logger.ts";
import type { Host, HostOptions } from "./host.ts";

/** Returns the form of the log on standard error: text for a terminal, JSON for anything else. */
export function logForm(): NonNullable<LoggerOptions["form"]> {
	if (!process.stderr.isTTY) return "json";
	return process.stderr.hasColors() ? "coloured" : "text";
}

/** Returns the level of a host's log: that of the configuration, else that of the options, else `warn`. */
export function logLevelOf(settings: Pick<Settings, "logLevel">, options: Pick<HostOptions, "logLevel">): Host["logLevel"] {
	return settings.logLevel ?? options.logLevel ?? "warn";
}
