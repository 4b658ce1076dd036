import { existsSync } from "node:fs";

/** The configuration to use: the one named, else `spear.toml` here when there is one, else none, which is the embedded default. */
export function findConfig(named: string | undefined): string | undefined {
	if (named !== undefined) return named;
	return existsSync("spear.toml") ? "spear.toml" : undefined;
}
