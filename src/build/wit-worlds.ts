import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../abi/component/toolchain.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";

/** The part of a WIT folder that the build uses. The engines' own tools read the `.wit` files. */
export interface WitWorlds {
	/** E.g. `spear:ai`. */
	readonly package: string;
	/** E.g. `0.1.0`. Absent for a package without a version. */
	readonly version: string | undefined;
	/** Interfaces of this package by the world that imports them, including interfaces that these use. */
	readonly worlds: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The list of worlds that codegen writes beside the `.wit` files. */
const WORLDS_FILE = "worlds.json";

/**
 * Reads the package and the worlds of a WIT folder that codegen wrote.
 *
 * @throws SpearError `invalid_request` for a folder without a valid `worlds.json`.
 */
export async function readWorlds(directory: string): Promise<WitWorlds> {
	const file = join(directory, WORLDS_FILE);
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (cause) {
		throw unusable(file, `cannot be read: ${fileFault(cause)}`, cause);
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw unusable(file, "is not JSON", cause);
	}
	if (!isWorldList(value)) throw unusable(file, "lacks `package` or `worlds`");
	const worlds = Object.entries(value.worlds).map(([name, interfaces]): [string, Set<string>] => [name, new Set(interfaces)]);
	return { package: value.package, version: value.version, worlds: new Map(worlds) };
}

interface WorldList {
	readonly package: string;
	readonly version?: string;
	readonly worlds: Readonly<Record<string, readonly string[]>>;
}

function isWorldList(value: unknown): value is WorldList {
	if (!isRecord(value) || typeof value.package !== "string" || !isRecord(value.worlds)) return false;
	if (value.version !== undefined && typeof value.version !== "string") return false;
	return Object.values(value.worlds).every((list) => Array.isArray(list) && list.every((name) => typeof name === "string"));
}

function unusable(file: string, fault: string, cause?: unknown): SpearError {
	const advice = "use the folder `guest/wit` that codegen writes: npm run codegen -- --wit <folder of WIT> --out <new folder>";
	return new SpearError("invalid_request", `${file} ${fault}; ${advice}`, { cause });
}
