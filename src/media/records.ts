import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaDirectory } from "./directory.ts";
import type { MediaObject } from "./media-object.ts";
import { isObjectId } from "./reference.ts";

/** Objects of named guests on disk, one file each. The store restores the objects from them at its next start. */
export class Records {
	readonly #directory: MediaDirectory;

	constructor(directory: MediaDirectory) {
		this.#directory = directory;
	}

	/** Records an object. Atomic, and durable when it resolves. */
	async write(object: MediaObject): Promise<void> {
		const { records, temporary } = await this.#directory.paths();
		const temporaryFile = join(temporary, `${object.id}.json`);
		await writeFile(temporaryFile, JSON.stringify(object), { mode: 0o600, flush: true });
		await rename(temporaryFile, join(records, `${object.id}.json`));
	}

	async remove(id: string): Promise<void> {
		const { records } = await this.#directory.paths();
		await rm(join(records, `${id}.json`), { force: true });
	}

	/** Returns every valid record. Removes invalid ones, because no guest could open their objects. */
	async readAll(): Promise<MediaObject[]> {
		const { records } = await this.#directory.paths();
		const objects: MediaObject[] = [];
		for (const name of await readdir(records)) {
			const object = await read(join(records, name));
			if (object !== undefined && name === `${object.id}.json`) objects.push(object);
			else await rm(join(records, name), { recursive: true, force: true });
		}
		return objects;
	}
}

async function read(path: string): Promise<MediaObject | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(path, "utf8"));
		return isMediaObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isMediaObject(value: unknown): value is MediaObject {
	if (typeof value !== "object" || value === null) return false;
	const { id, guest, sha256, size, mimeType, expiresAt }: { readonly [K in keyof MediaObject]?: unknown } = value;
	return (
		typeof id === "string" &&
		isObjectId(id) &&
		typeof guest === "string" &&
		typeof sha256 === "string" &&
		/^[0-9a-f]{64}$/.test(sha256) &&
		Number.isSafeInteger(size) &&
		typeof mimeType === "string" &&
		typeof expiresAt === "number"
	);
}
