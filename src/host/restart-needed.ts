import type { Settings } from "../config/settings.ts";

/** Settings that a running host cannot change, by their keys in the configuration. */
const BUILT_ON: readonly (readonly [key: string, of: (settings: Settings) => unknown])[] = [
	["host.log_level", ({ logLevel }) => logLevel],
	["host.proxy", ({ proxy }) => proxy],
	["host.ca_file", ({ caFile }) => caFile],
	["host.seal_key_env", ({ sealKeyName }) => sealKeyName],
	["media", ({ media }) => media],
];

/** Returns the keys whose change takes effect only after a restart. */
export function restartNeeded(before: Settings, after: Settings): string[] {
	return BUILT_ON.filter(([, of]) => JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(([key]) => key);
}
