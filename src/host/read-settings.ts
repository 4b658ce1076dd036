import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { backendKinds, disabledBackendKinds } from "../../generated/registry.ts";
import type { BackendKind } from "../backends/backend.ts";
import type { Kinds } from "../config/backend-settings.ts";
import { ConfigError } from "../config/config-error.ts";
import { isTable } from "../config/config-path.ts";
import { type ConfigDocument, textDocument, valueDocument } from "../config/document.ts";
import { type CheckedConfig, readConfig } from "../config/read-config.ts";
import { backendNames } from "../config/settings.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";
import { embeddedBackends } from "./embedded-backends.ts";
import { withExternalKinds } from "./external-kinds.ts";
import type { HostOptions } from "./host.ts";
import { isKind, kindFault } from "./kind-fault.ts";

/** A configuration as it was read. */
export interface ReadSettings extends CheckedConfig {
	/** The text of the file. Absent for a configuration given as a value. */
	readonly text?: string;
}

/**
 * Reads a configuration, and checks what needs no backend and no environment.
 *
 * @throws ConfigError for a file that is not UTF-8 or has a fault of the TOML syntax; SpearError `invalid_request` for a file that cannot be read.
 */
export async function readSettings(config: HostOptions["config"], kinds: Kinds): Promise<ReadSettings> {
	if (config === undefined) return checked(valueDocument({}, "the embedded default"), process.cwd(), kinds);
	if (typeof config !== "string" && !(config instanceof URL)) return checked(valueDocument(config, "config"), process.cwd(), kinds);
	const source = pathOf(config);
	try {
		return await readText(await readConfigFile(config), source, kinds);
	} catch (thrown) {
		if (thrown instanceof SpearError) throw thrown;
		throw new SpearError("invalid_request", `${source}: ${fileFault(thrown)}`, { cause: thrown });
	}
}

/**
 * Checks the text of a configuration's file, with the kinds of the modules that it names.
 *
 * @throws ConfigError for a fault of the TOML syntax.
 */
export async function readText(text: string, source: string, kinds: Kinds): Promise<ReadSettings> {
	return { ...(await checked(textDocument(text, source), dirname(resolve(source)), kinds)), text };
}

/** Checks a configuration with the kinds of the modules that it names. */
async function checked(document: ConfigDocument, folder: string, kinds: Kinds): Promise<CheckedConfig> {
	const modules = kindModules(document);
	const external = modules.length === 0 ? { kinds, faults: [] } : await withExternalKinds(modules, folder, kinds);
	const isEmbedded = backendNames(document.value)?.length === 0;
	const embedded = isEmbedded ? await embeddedBackends(external.kinds.enabled) : undefined;
	return readConfig(document, external.kinds, external.faults, embedded);
}

/** Returns the modules in `[host] kinds`. Faults of their types are found later. */
function kindModules({ value }: ConfigDocument): readonly string[] {
	const modules = isTable(value) && isTable(value.host) ? value.host.kinds : undefined;
	return Array.isArray(modules) && modules.every((module) => typeof module === "string") ? modules : [];
}

/**
 * Returns the text of a file. Otherwise bytes of another encoding would become names with replacement characters.
 *
 * @throws ConfigError for a text that is not UTF-8. SpearError `invalid_request` for more than 16 MiB. The error of the file system for a
 * file that cannot be read.
 */
export async function readConfigFile(config: string | URL): Promise<string> {
	const bytes = await boundedFile(config);
	const text = bytes.toString("utf8");
	if (isUtf8(bytes)) return text;
	const source = pathOf(config);
	const before = text.slice(0, text.indexOf("\ufffd")).split("\n");
	const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
	throw new ConfigError(source, [{ file: source, ...position, path: "", message: "this is no UTF-8 text; save the file as UTF-8" }]);
}

/** Largest configuration, in bytes. 10,000 backends have some 2 MiB. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Returns the bytes of a file, which may be a pipe. A device without an end costs no more than the bound. */
async function boundedFile(config: string | URL): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of createReadStream(config)) {
		chunks.push(chunk);
		size += chunk.length;
		if (size > MAX_BYTES)
			throw new SpearError("invalid_request", `${pathOf(config)}: it has more than ${MAX_BYTES} bytes, and a configuration is smaller`);
	}
	return Buffer.concat(chunks);
}

/**
 * Returns the path that `config` names.
 *
 * @throws SpearError `invalid_request` for a URL that names no file.
 */
export function pathOf(config: string | URL): string {
	if (config instanceof URL && config.protocol !== "file:") {
		throw new SpearError("invalid_request", "config: the URL must begin with file:, because a configuration is a file");
	}
	return config instanceof URL ? fileURLToPath(config) : config;
}

/**
 * Returns the kinds of this build and those that the embedder adds.
 *
 * @throws SpearError `invalid_request` for a value that is no kind, a name that no configuration could use, and two kinds of one name.
 */
export function kindsWith(added: readonly BackendKind[]): Kinds {
	if (!Array.isArray(added)) throw new SpearError("invalid_request", "kinds: must be a list of what defineBackend returns");
	const enabled = [...backendKinds];
	for (const [index, kind] of added.entries()) {
		const fault = isKind(kind) ? kindFault(kind, enabled) : "must be what defineBackend returns";
		if (fault !== undefined) throw new SpearError("invalid_request", `kinds[${index}]: ${fault}`);
		enabled.push(kind);
	}
	const names = enabled.map(({ name }) => name);
	return { enabled, disabled: disabledBackendKinds.filter((name) => !names.includes(name)) };
}
