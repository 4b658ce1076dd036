import process from "node:process";
import type { Settings } from "../config/settings.ts";
import type { LoggerOptions } from "../telemetry/logger.ts";
import type { Host, HostOptions } from "./host.ts";

/** Returns the form of the log on standard error: text for a terminal, JSON for anything else. */
export function logForm(): NonNullable<LoggerOptions["form"]> {
	if (!process.stderr.isTTY) return "json";
	return process.stderr.hasColors() ? "coloured" : "text";
}

/** Returns the level of a host's own lines: that of `log`, else that of the configuration, else that of the options, else `warn`. */
export function logLevelOf(settings: Pick<Settings, "logLevel">, options: Pick<HostOptions, "log" | "logLevel">): Host["logLevel"] {
	return options.log?.level ?? settings.logLevel ?? options.logLevel ?? "warn";
}

/** Levels, least severe first. */
const LEVELS: readonly Host["logLevel"][] = ["trace", "debug", "info", "warn", "error", "silent"];

/** Returns the level of the lines of guests. A configuration that says `silent` holds for them too, unless `log.level` says otherwise. */
export function guestLevelOf(settings: Pick<Settings, "logLevel">, options: Pick<HostOptions, "log" | "logLevel">): Host["logLevel"] {
	const level = logLevelOf(settings, options);
	const guestLevel = options.log?.guestLevel ?? level;
	if (guestLevel === "silent" || level === "silent") return "silent";
	return LEVELS.indexOf(guestLevel) < LEVELS.indexOf(level) ? guestLevel : level;
}
