/**
 * Reader of Python wheels, which are zip archives. Reads the directory at the end of the file, then the wanted files alone.
 *
 * A package is read after its digest was checked, so that the reader needs none of the format's extensions: neither archives of 4 GiB nor
 * encryption.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { archiveFault, atMost, type WantedFile } from "./archive.ts";

const END = 0x06054b50;
const END_BYTES = 22;
/** Longest end of an archive: its record, and a comment of 65,535 bytes. */
const MAX_END_BYTES = END_BYTES + 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** Largest directory of an archive, in bytes: about 60,000 entries. */
const MAX_DIRECTORY_BYTES = 8 * 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** File of an archive. */
export interface ArchiveEntry {
	readonly path: string;
	readonly method: number;
	readonly packedBytes: number;
	readonly offset: number;
}

/**
 * Passes the wanted files of a wheel to their receivers.
 *
 * @throws SpearError for a wheel that is damaged, that lacks a wanted file, or that has it twice or larger.
 */
export async function readWheel(path: string, wanted: readonly WantedFile[]): Promise<void> {
	const file = await open(path);
	try {
		const entries = parseDirectory(await readDirectory(file));
		for (const one of wanted) {
			const found = entries.filter((entry) => entry.path === one.path);
			const [entry] = found;
			if (entry === undefined || found.length > 1) throw archiveFault(`has ${found.length === 0 ? "no file" : "two files"} ${one.path}`);
			await one.receive(atMost(await contentOf(file, entry), one.maxBytes, one.path));
		}
	} catch (thrown) {
		if (thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("Z_")) throw archiveFault("is damaged");
		throw thrown;
	} finally {
		await file.close();
	}
}

async function readDirectory(file: FileHandle): Promise<Buffer> {
	const { size } = await file.stat();
	const length = Math.min(size, MAX_END_BYTES);
	const tail = await readAt(file, size - length, length);
	let at = tail.length - END_BYTES;
	while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
	if (at < 0) throw archiveFault("is no zip archive");
	const bytes = tail.readUInt32LE(at + 12);
	if (bytes > MAX_DIRECTORY_BYTES) throw archiveFault("has too many files");
	return readAt(file, tail.readUInt32LE(at + 16), bytes);
}

/** Returns the entries of an archive's directory. @throws SpearError for a damaged one. */
export function parseDirectory(directory: Buffer): readonly ArchiveEntry[] {
	const entries: ArchiveEntry[] = [];
	for (let at = 0; at < directory.length; ) {
		if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY) throw archiveFault("is damaged");
		const nameBytes = directory.readUInt16LE(at + 28);
		const end = at + ENTRY_BYTES + nameBytes;
		entries.push({
			path: directory.toString("utf8", at + ENTRY_BYTES, end),
			// An encrypted file has no method that this reader knows.
			method: (directory.readUInt16LE(at + 8) & 1) === 1 ? -1 : directory.readUInt16LE(at + 10),
			packedBytes: directory.readUInt32LE(at + 20),
			offset: directory.readUInt32LE(at + 42),
		});
		at = end + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
	}
	return entries;
}

async function contentOf(file: FileHandle, { path, method, packedBytes, offset }: ArchiveEntry): Promise<AsyncIterable<Uint8Array>> {
	if (method !== STORED && method !== DEFLATED) throw archiveFault(`has ${path} in a form that this reader does not know`);
	const local = await readAt(file, offset, LOCAL_BYTES);
	if (local.readUInt32LE(0) !== LOCAL) throw archiveFault("is damaged");
	const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
	const packed = packedPieces(file, start, packedBytes);
	return method === STORED ? packed : Readable.from(packed).pipe(createInflateRaw());
}

/** Size of a piece that is read at once, in bytes. */
const PIECE = 256 * 1024;

async function* packedPieces(file: FileHandle, start: number, bytes: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes; at += PIECE) yield await readAt(file, start + at, Math.min(PIECE, bytes - at));
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
	if (bytesRead < length) throw archiveFault("ends too early");
	return buffer;
}
