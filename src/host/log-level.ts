import type { Settings } from "../config/settings.ts";
import type { Host, HostOptions } from "./host.ts";

/** Returns the level of a host's log: that of the configuration, else that of the options, else `warn`. */
export function logLevelOf(settings: Pick<Settings, "logLevel">, options: Pick<HostOptions, "logLevel">): Host["logLevel"] {
	return settings.logLevel ?? options.logLevel ?? "warn";
}
