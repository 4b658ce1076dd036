import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../../paths/make-folder.ts";
import type { PreparedAgent } from "../prepare.ts";
import { isRecord } from "../toolchain.ts";
import {
	fileRecord,
	MANIFEST_FILE,
	MANIFEST_FORMAT,
	type Manifest,
	manifestText,
	moduleFile,
	PLAN_FILE,
	SOURCE_MAP_FILE,
} from "./manifest.ts";

/** Facts about a component that its bytes do not tell. */
export interface Origin {
	readonly component: Uint8Array;
	readonly engine?: string;
	readonly world?: string;
}

/** Files of a prepared agent by name. Equal agents have equal files. */
export function preparedFiles(agent: PreparedAgent, { component, engine, world }: Origin): Map<string, Uint8Array | string> {
	const plan = `${JSON.stringify(agent.plan)}\n`;
	const { sourceMap } = agent;
	const manifest: Manifest = {
		format: MANIFEST_FORMAT,
		component: fileRecord(component),
		plan: fileRecord(plan),
		modules: agent.modules.map(fileRecord),
		...(sourceMap === undefined ? {} : { sourceMap: fileRecord(sourceMap) }),
		...(engine === undefined ? {} : { engine }),
		...(world === undefined ? {} : { world }),
	};
	return new Map<string, Uint8Array | string>([
		...agent.modules.map((bytes, index) => [moduleFile(index), bytes] as const),
		[PLAN_FILE, plan],
		...(sourceMap === undefined ? [] : [[SOURCE_MAP_FILE, sourceMap] as const]),
		[MANIFEST_FILE, manifestText(manifest)],
	]);
}

/** Writes a prepared agent. The directory appears whole or not at all, and replaces an earlier one. */
export async function writePrepared(directory: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
	const fresh = `${directory}.${randomUUID()}.tmp`;
	const old = `${directory}.${randomUUID()}.old`;
	try {
		await makeFolder(fresh, 0o755);
		for (const [name, bytes] of files) await writeFile(join(fresh, name), bytes, { mode: 0o644 });
		await replace(directory, fresh, old);
	} finally {
		await rm(fresh, { recursive: true, force: true });
		await rm(old, { recursive: true, force: true });
	}
}

const MAX_TRIES = 100;

/** Replaces `directory` by `fresh`. Tries again when another process has written `directory` in between. */
async function replace(directory: string, fresh: string, old: string): Promise<void> {
	for (let tries = 1; ; tries += 1) {
		await rename(directory, old).catch(ignore("ENOENT"));
		try {
			return await rename(fresh, directory);
		} catch (cause) {
			if (tries === MAX_TRIES) throw cause;
			ignore("ENOTEMPTY", "EEXIST")(cause);
			await rm(old, { recursive: true, force: true });
		}
	}
}

function ignore(...codes: readonly string[]): (cause: unknown) => void {
	return (cause) => {
		if (!isRecord(cause) || typeof cause.code !== "string" || !codes.includes(cause.code)) throw cause;
	};
}
