/**
 * `generated/manifest.json`: which files were generated, by which emitter, with which content. From the manifest the next run
 * knows which files it may overwrite or delete. Holds no time and no absolute path, so that it is the same on every machine.
 */
import * as path from "node:path";
import { isErrno, readBounded } from "./disk.ts";
import { sha256 } from "./hash.ts";

/** Raise when a reader of the old form could not make sense of the new one. */
export const MANIFEST_FORMAT = 1;
export const MANIFEST_NAME = "manifest.json";

/** Room for more than 100,000 files. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

export interface ManifestEntry {
	readonly emitter: string;
	readonly sha256: string;
}

/** By path relative to the generated tree, with `/` separators. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** A generated file on its way to the disk. */
export interface OwnedFile {
	/** Relative to the generated tree, with `/` separators. */
	readonly path: string;
	readonly content: Uint8Array;
	/** Name of the emitter that made it. */
	readonly emitter: string;
}

export function manifestOf(files: readonly OwnedFile[]): Manifest {
	const entries = files.map((file): [string, ManifestEntry] => [file.path, { emitter: file.emitter, sha256: sha256(file.content) }]);
	return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function printManifest(manifest: Manifest): string {
	return `${JSON.stringify({ formatVersion: MANIFEST_FORMAT, files: Object.fromEntries(manifest) }, null, "\t")}\n`;
}

export type ManifestReading = { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly message: string };

/** The manifest of a generated tree; empty when there is none. */
export function loadManifest(root: string): ManifestReading {
	try {
		return readManifest(readBounded(path.join(root, MANIFEST_NAME), MAX_MANIFEST_BYTES));
	} catch (cause) {
		if (isErrno(cause, "ENOENT", "ENOTDIR")) return { ok: true, manifest: new Map() };
		if (isErrno(cause, "EISDIR", "ELOOP", "EINVAL", "ENXIO")) return { ok: false, message: "is not a file" };
		if (isErrno(cause, "EFBIG")) return { ok: false, message: "is too large to be one" };
		if (isErrno(cause, "EACCES", "EPERM")) return { ok: false, message: "cannot be read" };
		throw cause;
	}
}

/** Reads a manifest back. A fault is described in words that finish the sentence "manifest.json …". */
export function readManifest(text: string): ManifestReading {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return { ok: false, message: "is not JSON" };
	}
	if (!isObject(value) || !isObject(value.files)) return { ok: false, message: "has no `files`" };
	if (value.formatVersion !== MANIFEST_FORMAT) {
		return {
			ok: false,
			message: `has the format version ${JSON.stringify(value.formatVersion)}, this codegen writes ${MANIFEST_FORMAT}`,
		};
	}
	const manifest = new Map<string, ManifestEntry>();
	for (const [path, entry] of Object.entries(value.files)) {
		if (!isRelativePath(path)) return { ok: false, message: `names \`${path}\`, which is not a path inside the generated tree` };
		if (!isObject(entry) || typeof entry.emitter !== "string" || !/^[0-9a-f]{64}$/.test(String(entry.sha256))) {
			return { ok: false, message: `has a malformed entry for \`${path}\`` };
		}
		manifest.set(path, { emitter: entry.emitter, sha256: String(entry.sha256) });
	}
	return { ok: true, manifest };
}

/** Longest name of a file on the systems in use, in bytes, less the ending of a copy. */
const MAX_NAME_BYTES = 240;

/** Names that Windows keeps for devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * True if a path is one of a file inside the tree on every platform. Such a path has no root, drive, `..`, backslash or empty part, and no sign or name
 * that a system refuses.
 */
export function isRelativePath(path: string): boolean {
	return path.isWellFormed() && path.split("/").every(isFileName);
}

function isFileName(name: string): boolean {
	if (DEVICE.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES) return false;
	return /^[^\p{Cc}/\\:*?"<>|]*[^\p{Cc}/\\:*?"<>|. ]$/u.test(name);
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
