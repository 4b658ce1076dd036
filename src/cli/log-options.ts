/** Options of every command that starts a host: which lines of its log, and of its guests, are written to standard error. */
import { type Command, Option } from "commander";
import type { LogLevels } from "../host/host.ts";
import type { LogLevel } from "../telemetry/logger.ts";

/** Levels, least severe first. */
const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/** Values of the options. */
export interface LogCommand {
	readonly logLevel?: LogLevel | "silent";
	readonly verbose?: boolean;
	readonly quiet?: boolean;
}

/** Adds `--log-level`, `-v` and `-q` to a command. */
export function addLogOptions<C extends Command>(command: C, standard = "that of the configuration, else warn"): C {
	return command
		.addOption(
			new Option("--log-level <level>", "The least severe level of the lines that the host and its guests write to standard error.")
				.choices([...LEVELS, "silent"])
				.default(undefined, standard)
				.conflicts(["verbose", "quiet"]),
		)
		.addOption(new Option("-v, --verbose", "Write more: the level debug.").conflicts("quiet"))
		.addOption(new Option("-q, --quiet", "Write errors only: the level error."));
}

/** Returns the level that the options name. `undefined` for none. */
export function chosenLevel({ logLevel, verbose, quiet }: LogCommand): LogLevel | "silent" | undefined {
	return logLevel ?? (verbose ? "debug" : quiet ? "error" : undefined);
}

/** Returns the levels for a host. No option leaves them to the configuration. */
export function logLevels(command: LogCommand): { readonly log?: LogLevels } {
	const level = chosenLevel(command);
	return level === undefined ? {} : { log: { level, guestLevel: level } };
}

/**
 * Returns the levels for a host that runs one guest for its author: its lines from `info` on are shown without an option.
 *
 * @param isShownElsewhere True if the command itself prints the lines of the guest.
 */
export function authorLevels(command: LogCommand, isShownElsewhere: boolean): LogLevels {
	const level = chosenLevel(command);
	const guestLevel = isShownElsewhere ? "silent" : (level ?? "info");
	return { ...(level === undefined ? {} : { level }), guestLevel };
}

/** Returns true if a level includes lines of the level `info`. */
export function includesInfo(level: LogLevel | "silent"): boolean {
	return level !== "silent" && LEVELS.indexOf(level) <= LEVELS.indexOf("info");
}
