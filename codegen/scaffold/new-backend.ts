/** `--new-backend <kind>`: writes the first text of a kind of backend, and never a file that is there already. */
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { backendKindFiles } from "../emit/scaffold/backend-kind.ts";
import type { Abi } from "../model/abi.ts";

export interface NewBackendOutcome {
	/** Files written, relative to the project's root. */
	readonly created: readonly string[];
	/** Files that were there and are left as they are. */
	readonly kept: readonly string[];
}

/** @throws Error for a name that cannot be a kind's, or an operation the ABI does not have */
export async function newBackend(projectRoot: string, abi: Abi, kind: string, operations?: readonly string[]): Promise<NewBackendOutcome> {
	const created: string[] = [];
	const kept: string[] = [];
	for (const file of backendKindFiles(abi, kind, operations)) {
		const target = path.join(projectRoot, file.path);
		await mkdir(path.dirname(target), { recursive: true });
		((await writeIfAbsent(target, file.content)) ? created : kept).push(file.path);
	}
	return { created, kept };
}

async function writeIfAbsent(file: string, content: string | Uint8Array): Promise<boolean> {
	try {
		await writeFile(file, content, { flag: "wx" });
		return true;
	} catch (cause) {
		if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
		throw cause;
	}
}
