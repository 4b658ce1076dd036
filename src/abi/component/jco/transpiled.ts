import { join } from "node:path";
import { SpearError } from "../../../errors/spear-error.ts";
import { fileRecord } from "../files/file-record.ts";
import { writeFolder } from "../files/write-folder.ts";
import { MANIFEST_FILE, type Manifest, manifestText, parseManifest, type Transpiled } from "./manifest.ts";
import { assertTrusted, readTrusted } from "./trusted-files.ts";

/**
 * Reads an entry of the cache and verifies every file against the manifest.
 *
 * The checksums find accidents, not attacks: the JavaScript of an entry runs in the host with all of its rights. So on POSIX systems, files and
 * directories that another user owns or can write are refused.
 *
 * @throws SpearError `invalid_request` naming the file that is missing or differs, or that other users control.
 */
export async function readTranspiled(directory: string): Promise<Transpiled> {
	await assertTrusted(directory);
	const manifest = await readManifest(directory);
	const files = new Map<string, Uint8Array>();
	for (const [name, expected] of Object.entries(manifest.files)) {
		const path = join(directory, name);
		const bytes = await readTrusted(path).catch((cause: unknown) => {
			if (cause instanceof SpearError) throw cause;
			throw new SpearError("invalid_request", `${path} cannot be read`, { cause });
		});
		const found = fileRecord(bytes);
		if (found.sha256 !== expected.sha256 || found.bytes !== expected.bytes) {
			throw new SpearError(
				"invalid_request",
				`${path} is not the file its manifest describes (${found.bytes} bytes, expected ${expected.bytes})`,
			);
		}
		files.set(name, bytes);
	}
	return { manifest, files };
}

async function readManifest(directory: string): Promise<Manifest> {
	const path = join(directory, MANIFEST_FILE);
	const bytes = await readTrusted(path).catch((cause: unknown) => {
		if (cause instanceof SpearError) throw cause;
		throw new SpearError("invalid_request", `${directory} is no transpiled component: ${MANIFEST_FILE} cannot be read in it`, { cause });
	});
	return parseManifest(Buffer.from(bytes).toString("utf8"), path);
}

/** Writes a transpiled component as a whole. An earlier one is replaced, or kept. */
export async function writeTranspiled(directory: string, transpiled: Transpiled, existing: "replace" | "keep" = "replace"): Promise<void> {
	await writeFolder(directory, new Map([...transpiled.files, [MANIFEST_FILE, Buffer.from(manifestText(transpiled.manifest))]]), existing);
}
