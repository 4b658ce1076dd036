import type { HostOptions } from "../host/host.ts";

/**
 * Returns the configuration of a host for a command that says itself which backend is a stub. Without a file, the log therefore leaves out its
 * line about the embedded default.
 *
 * @param config Path of the configuration. `undefined` for the embedded default.
 */
export function quietDefault(config: string | undefined): HostOptions {
	return { config: config ?? { host: { log_level: "error" } } };
}
