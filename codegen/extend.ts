/** `--scaffold` and `--new-backend`: additions to hand-written code, which never change the code that is there. */
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { enableBackend } from "./config.ts";
import { CodegenFailure } from "./failure.ts";
import type { Abi } from "./model/abi.ts";

export interface Extended {
	/** Files written, relative to the project. */
	readonly created: readonly string[];
	/** Files that were there already and stay as they are. */
	readonly left: readonly string[];
	/** Members added to hand-written code, each with a body that throws. */
	readonly inserted: readonly { readonly file: string; readonly owner: string; readonly member: string }[];
}

/** The project is the directory that holds `generated/` and `src/`. */
export function projectOf(outDir: string): string {
	if (path.basename(outDir) !== "generated") {
		throw new CodegenFailure("--scaffold and --new-backend need --out to be the `generated` directory of a project, beside its `src`", {
			exitCode: 2,
		});
	}
	return path.dirname(outDir);
}

export function requireKindName(kind: string): void {
	if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind)) return;
	throw new CodegenFailure(`\`${kind}\` cannot name a backend kind; use lower-case words joined by hyphens, e.g. \`my-backend\``, {
		exitCode: 2,
	});
}

/** Adds the members that generated interfaces ask of hand-written code. */
export async function scaffoldMissing(outDir: string): Promise<Extended> {
	// Loaded on demand: the TypeScript compiler it brings takes longer to load than a whole run of the generator.
	const { insertMissing } = await import("./scaffold/insert-missing.ts");
	const { inserted } = await insertMissing(projectOf(outDir));
	return { created: [], left: [], inserted };
}

/** Writes the first text of a backend kind and enables it. The caller generates once more, for the registry. */
export async function scaffoldBackend(outDir: string, abi: Abi, kind: string, configFile: string): Promise<Extended> {
	const { newBackend } = await import("./scaffold/new-backend.ts");
	const { created, kept } = await newBackend(projectOf(outDir), abi, kind);
	const text = await readFile(configFile, "utf8");
	const enabled = enableBackend(text, kind);
	if (enabled !== text) await writeFile(configFile, enabled);
	return { created, left: kept, inserted: [] };
}
