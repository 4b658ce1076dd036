import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../../src/model-store/model.ts";
import type { Manifest } from "../../src/model-store/parse-manifest.ts";

/** Returns the SHA-256 of some bytes, in hexadecimal. */
export function sha256(bytes: string | Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** Returns a folder for one test. */
export function scratchFolder(): string {
	return mkdtempSync(join(tmpdir(), "spear-models-"));
}

export function removeFolder({ folder }: { readonly folder: string }): void {
	rmSync(folder, { recursive: true, force: true });
}

/** Returns a model whose files have the given contents. */
export function modelOf(name: string, files: Readonly<Record<string, string>>, more: Partial<Model> = {}): Model {
	return {
		name,
		title: name,
		operations: ["embeddings"],
		languages: ["en"],
		voices: [],
		license: "MIT",
		licenseFiles: ["LICENSE"],
		default: false,
		memoryBytes: 1,
		card: { does: "Nothing.", quality: "None.", weakness: "All." },
		packages: [],
		files: Object.entries(files).map(([file, text]) => ({
			name: file,
			bytes: Buffer.byteLength(text),
			sha256: sha256(text),
			source: text,
		})),
		...more,
	};
}

export const SMALL_FILES = { "weights.bin": "0123456789", LICENSE: "free" } as const;

export const SMALL: Manifest = { models: [modelOf("small", SMALL_FILES)] };

/** Writes the files of a model to its folder. */
export function writeModel(directory: string, name: string, files: Readonly<Record<string, string>>): void {
	mkdirSync(join(directory, name), { recursive: true });
	for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, name, file), text);
}
