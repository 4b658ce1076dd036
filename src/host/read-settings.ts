import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Config } from "../../generated/ir/config.ts";
import { backendKinds, disabledBackendKinds } from "../../generated/registry.ts";
import type { BackendKind } from "../backends/backend.ts";
import type { Kinds } from "../config/backend-settings.ts";
import { checkConfig, parseConfig } from "../config/parse.ts";
import { type Settings, settingsOf } from "../config/settings.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { HostOptions } from "./host.ts";

/** A configuration as it was read. */
export interface ReadSettings {
	readonly settings: Settings;
	/** Names the configuration in errors, e.g. the path of its file. */
	readonly source: string;
	/** The text of the file. Absent for a configuration given as a value. */
	readonly text?: string;
}

/**
 * Reads and checks a configuration.
 *
 * @throws ConfigError listing every fault; SpearError `invalid_request` for a file that cannot be read.
 */
export async function readSettings(config: HostOptions["config"], kinds: Kinds): Promise<ReadSettings> {
	const read = (value: Config, source: string): ReadSettings => ({ settings: settingsOf(value, kinds, source), source });
	if (config === undefined) return read({}, "the embedded default");
	if (typeof config !== "string" && !(config instanceof URL)) return read(checkConfig(config, "config"), "config");
	const source = pathOf(config);
	try {
		const text = await readFile(config, "utf8");
		return { ...read(parseConfig(text, source), source), text };
	} catch (thrown) {
		if (thrown instanceof SpearError) throw thrown;
		throw new SpearError("invalid_request", `${source}: ${fileFault(thrown)}`, { cause: thrown });
	}
}

/** Returns the path that `config` names. */
export function pathOf(config: string | URL): string {
	return config instanceof URL ? fileURLToPath(config) : config;
}

/**
 * Returns the kinds of this build and those that the embedder adds.
 *
 * @throws SpearError `invalid_request` when two kinds have the same name.
 */
export function kindsWith(added: readonly BackendKind[]): Kinds {
	const enabled = [...backendKinds, ...added];
	const names = enabled.map(({ name }) => name);
	const double = names.find((name, index) => names.indexOf(name) !== index);
	if (double !== undefined) {
		throw new SpearError("invalid_request", `kinds: there are two backend kinds called '${double}'; give yours another name`);
	}
	return { enabled, disabled: disabledBackendKinds.filter((name) => !names.includes(name)) };
}
