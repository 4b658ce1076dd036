import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SpearError } from "../../errors/spear-error.ts";

/** An optional package: needed only to build guests, or for the engine jco. */
export interface Tool {
	readonly package: string;
	/** Version that this release is tested with. */
	readonly version: string;
	/** Purpose of the package, as the start of a sentence. */
	readonly purpose: string;
	/** Way to do without the package, as a sentence. */
	readonly alternative: string;
}

/** Imports a package by name. A test replaces it to simulate a missing package. */
export type Importer = (specifier: string) => Promise<unknown>;

const byName: Importer = (specifier) => import(specifier);

/**
 * Imports an optional package.
 *
 * @throws SpearError `invalid_request` when it is not installed, with the command to install it and the alternative; `internal` when it
 * is installed and does not load.
 */
export async function importTool(tool: Tool, importer: Importer = byName): Promise<unknown> {
	try {
		return await importer(tool.package);
	} catch (cause) {
		if (!isNotFound(cause, tool.package)) {
			throw new SpearError(
				"internal",
				`${tool.package} is installed but could not be loaded; reinstall it: npm install ${tool.package}@${tool.version}`,
				{
					cause,
				},
			);
		}
		throw new SpearError(
			"invalid_request",
			`${tool.purpose} needs the package ${tool.package}, which is not installed. Install it: npm install ${tool.package}@${tool.version}. ${tool.alternative}`,
			{ cause },
		);
	}
}

/** Returns the version of an installed package; `undefined` when it is unknown. Does not import the package. */
export async function installedVersion(name: string): Promise<string | undefined> {
	let directory: URL;
	try {
		directory = new URL("../../host", import.meta.resolve(name));
	} catch {
		return undefined;
	}
	for (let level = 0; level < 6; level += 1) {
		try {
			const manifest: unknown = JSON.parse(await readFile(fileURLToPath(new URL("package.json", directory)), "utf8"));
			if (isRecord(manifest) && manifest.name === name && typeof manifest.version === "string") return manifest.version;
		} catch {
			// No readable package.json here: look one folder up.
		}
		directory = new URL("../..", directory);
	}
	return undefined;
}

/** Returns true if the package itself is missing, not one of its dependencies. */
function isNotFound(cause: unknown, name: string): boolean {
	return cause instanceof Error && isRecord(cause) && cause.code === "ERR_MODULE_NOT_FOUND" && cause.message.includes(`'${name}'`);
}

/** Returns true if a value is an object whose members can be read. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
