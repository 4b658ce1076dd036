import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SpearError } from "../../../errors/spear-error.ts";
import { makeFolder } from "../../../paths/make-folder.ts";
import { isRecord } from "../toolchain.ts";
import { fileRecord, MANIFEST_FILE, type Manifest, manifestText, type Prepared, parseManifest } from "./manifest.ts";
import { assertTrusted, readTrusted } from "./trusted-files.ts";

/**
 * Reads an entry of the cache and verifies every file against the manifest.
 *
 * The checksums find accidents, not attacks: the JavaScript of an entry runs in the host with all of its rights. So on POSIX systems, files and
 * directories that another user owns or can write are refused.
 *
 * @throws SpearError `invalid_request` naming the file that is missing or differs, or that other users control.
 */
export async function readPrepared(directory: string): Promise<Prepared> {
	await assertTrusted(directory);
	const manifest = await readManifest(directory);
	const files = new Map<string, Uint8Array>();
	for (const [name, expected] of Object.entries(manifest.files)) {
		const path = join(directory, name);
		const bytes = await readTrusted(path).catch((cause: unknown) => {
			if (cause instanceof SpearError) throw cause;
			throw new SpearError("invalid_request", `${path} cannot be read; prepare the agent again with \`spear build\``, { cause });
		});
		const found = fileRecord(bytes);
		if (found.sha256 !== expected.sha256 || found.bytes !== expected.bytes) {
			throw new SpearError(
				"invalid_request",
				`${path} is not the file its manifest describes (${found.bytes} bytes, expected ${expected.bytes}); prepare the agent again with \`spear build\``,
			);
		}
		files.set(name, bytes);
	}
	return { manifest, files };
}

/**
 * Reads the manifest alone.
 *
 * @throws SpearError `invalid_request` when there is none, or when the manifest is broken.
 */
export async function readManifest(directory: string): Promise<Manifest> {
	const path = join(directory, MANIFEST_FILE);
	const bytes = await readTrusted(path).catch((cause: unknown) => {
		if (cause instanceof SpearError) throw cause;
		throw new SpearError("invalid_request", `${directory} is not a prepared agent: ${MANIFEST_FILE} cannot be read in it`, { cause });
	});
	return parseManifest(Buffer.from(bytes).toString("utf8"), path);
}

/**
 * Writes a prepared agent as a whole: into a folder beside the target first, then by one rename. Other users cannot write to the files,
 * whatever the process's umask.
 *
 * @param existing Treatment of an agent that is already there: `replace` it, or `keep` it and discard the new one. The default is
 * `replace`.
 */
export async function writePrepared(directory: string, prepared: Prepared, existing: "replace" | "keep" = "replace"): Promise<void> {
	const fresh = `${directory}.${randomUUID()}.tmp`;
	const old = `${directory}.${randomUUID()}.old`;
	try {
		await makeFolder(fresh, 0o755);
		for (const [name, bytes] of prepared.files) await writeFile(join(fresh, name), bytes, { mode: 0o644 });
		await writeFile(join(fresh, MANIFEST_FILE), manifestText(prepared.manifest), { mode: 0o644 });
		if (existing === "keep") await rename(fresh, directory).catch(ignore("ENOTEMPTY", "EEXIST"));
		else await replace(directory, fresh, old);
	} finally {
		await rm(fresh, { recursive: true, force: true });
		await rm(old, { recursive: true, force: true });
	}
}

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

const MAX_TRIES = 100;

function ignore(...codes: readonly string[]): (cause: unknown) => void {
	return (cause) => {
		if (!isRecord(cause) || typeof cause.code !== "string" || !codes.includes(cause.code)) throw cause;
	};
}
