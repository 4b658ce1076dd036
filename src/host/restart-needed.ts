import type { Settings } from "../config/settings.ts";

/** Settings that a running host is built on, by their keys in the configuration. */
const BUILT_ON: readonly (readonly [key: string, of: (settings: Settings) => unknown])[] = [
	["host.log_level", ({ logLevel }) => logLevel],
	["media", ({ media }) => media],
];

/** Keys that have changed and count only after the host is started anew. */
export function restartNeeded(before: Settings, after: Settings): string[] {
	return BUILT_ON.filter(([, of]) => JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(([key]) => key);
}
