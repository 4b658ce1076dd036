import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SpearError } from "../../errors/spear-error.ts";

/** A package this project works with but does not install: only who builds guests, or loads bare components, needs it. */
export interface Tool {
	readonly package: string;
	/** The version this release is tested with. */
	readonly version: string;
	/** What it is needed for, as the start of a sentence. */
	readonly purpose: string;
	/** What to do without it. */
	readonly alternative: string;
}

/** Imports a package by name. Replaceable, so that a test can play a machine where it is not installed. */
export type Importer = (specifier: string) => Promise<unknown>;

const byName: Importer = (specifier) => import(specifier);

/** Imports an optional package, or says which one is missing, how to install it and what else would do. */
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

/** The version of an installed package, or undefined when it cannot be told. Imports nothing of it. */
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

/** Whether the package itself is missing, not something it needs in turn. */
function isNotFound(cause: unknown, name: string): boolean {
	return cause instanceof Error && isRecord(cause) && cause.code === "ERR_MODULE_NOT_FOUND" && cause.message.includes(`'${name}'`);
}

/** Whether a value is an object whose members may be looked at. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
