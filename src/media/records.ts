import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaDirectory } from "./directory.ts";
import type { MediaObject } from "./media-object.ts";
import { isPieceId } from "./reference.ts";

/** Who owns what, on disk beside the content, for guests that come back after the host was started anew: one file a piece. */
export class Records {
	readonly #directory: MediaDirectory;

	constructor(directory: MediaDirectory) {
		this.#directory = directory;
	}

	async write(piece: MediaObject): Promise<void> {
		const { records, temporary } = await this.#directory.paths();
		const draft = join(temporary, `${piece.id}.json`);
		await writeFile(draft, JSON.stringify(piece), { mode: 0o600, flush: true });
		await rename(draft, join(records, `${piece.id}.json`));
	}

	async remove(id: string): Promise<void> {
		const { records } = await this.#directory.paths();
		await rm(join(records, `${id}.json`), { force: true });
	}

	/** All that can be made sense of. What cannot is removed: nobody could ever open it. */
	async readAll(): Promise<MediaObject[]> {
		const { records } = await this.#directory.paths();
		const pieces: MediaObject[] = [];
		for (const name of await readdir(records)) {
			const piece = await read(join(records, name));
			if (piece !== undefined && name === `${piece.id}.json`) pieces.push(piece);
			else await rm(join(records, name), { recursive: true, force: true });
		}
		return pieces;
	}
}

async function read(path: string): Promise<MediaObject | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(path, "utf8"));
		return isPiece(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isPiece(value: unknown): value is MediaObject {
	if (typeof value !== "object" || value === null) return false;
	const { id, guest, sha256, size, mimeType, expiresAt }: { readonly [K in keyof MediaObject]?: unknown } = value;
	return (
		typeof id === "string" &&
		isPieceId(id) &&
		typeof guest === "string" &&
		typeof sha256 === "string" &&
		/^[0-9a-f]{64}$/.test(sha256) &&
		Number.isSafeInteger(size) &&
		typeof mimeType === "string" &&
		typeof expiresAt === "number"
	);
}
