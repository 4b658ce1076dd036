import type { HostOptions } from "../host/host.ts";
import { type LogCommand, logLevels } from "./log-options.ts";

/**
 * Returns the configuration of a host for a command that says itself which backend is a stub. Without a file, the log therefore leaves out its
 * line about the embedded default.
 *
 * @param config Path of the configuration. `undefined` for the embedded default.
 * @param command Options about the log, which come first.
 */
export function quietDefault(config: string | undefined, command: LogCommand): HostOptions {
	return { config: config ?? { host: { log_level: "error" } }, ...logLevels(command) };
}
