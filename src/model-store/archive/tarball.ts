/**
 * Reader of npm's tarballs: gzip around the `ustar` format, which the first 512 bytes of each entry describe.
 *
 * A package is read after its digest was checked, so that the reader needs none of the format's extensions. All entries but regular files
 * are passed over: links, and headers of extensions.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { archiveFault, atMost, MAX_UNPACKED_BYTES, type WantedFile } from "./archive.ts";
import { ByteReader } from "./byte-reader.ts";

const BLOCK = 512;

interface Header {
	/** Path in the package, without the folder that all entries share. */
	readonly path: string;
	readonly bytes: number;
	readonly isFile: boolean;
}

/**
 * Passes the wanted files of a tarball to their receivers, in the order of the tarball.
 *
 * @throws SpearError for a tarball that is damaged, that lacks a wanted file, or that has it twice or larger.
 */
export async function readTarball(path: string, wanted: readonly WantedFile[], maxBytes = MAX_UNPACKED_BYTES): Promise<void> {
	const source = createReadStream(path);
	const unpacked = source.pipe(createGunzip());
	source.on("error", (fault) => unpacked.destroy(fault));
	try {
		await readTar(unpacked, wanted, maxBytes);
	} catch (thrown) {
		if (thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("Z_"))
			throw archiveFault("is no gzip file, or damaged");
		throw thrown;
	} finally {
		source.destroy();
		unpacked.destroy();
	}
}

/** Passes the wanted files of an unpacked tarball to their receivers. Reads the stream once, from its beginning. */
export async function readTar(stream: AsyncIterable<Uint8Array>, wanted: readonly WantedFile[], maxBytes: number): Promise<void> {
	const reader = new ByteReader(stream);
	const byPath = new Map(wanted.map((file) => [file.path, file]));
	const found = new Set<string>();
	let unpacked = 0;
	for (;;) {
		const block = await reader.read(BLOCK);
		if (block === undefined || block.every((byte) => byte === 0)) break;
		const { path, bytes, isFile } = parseHeader(block);
		const padding = (BLOCK - (bytes % BLOCK)) % BLOCK;
		unpacked += BLOCK + bytes + padding;
		if (unpacked > maxBytes) throw archiveFault(`unpacks to more than ${maxBytes} bytes`);
		const file = byPath.get(path);
		if (file === undefined) {
			await reader.skip(bytes + padding);
			continue;
		}
		if (!isFile) throw archiveFault(`has no regular file ${path}`);
		if (found.has(path)) throw archiveFault(`has two files ${path}`);
		found.add(path);
		await file.receive(atMost(reader.parts(bytes), file.maxBytes, path));
		await reader.skip(padding);
	}
	for (const path of byPath.keys()) if (!found.has(path)) throw archiveFault(`has no file ${path}`);
}

function parseHeader(block: Buffer): Header {
	if (octal(block, 148, 8) !== checksum(block)) throw archiveFault("is no tar archive, or damaged");
	const prefix = block.toString("latin1", 257, 262) === "ustar" ? text(block, 345, 155) : "";
	const name = text(block, 0, 100);
	const whole = prefix === "" ? name : `${prefix}/${name}`;
	const type = String.fromCharCode(block[156] ?? 0);
	return { path: whole.slice(whole.indexOf("/") + 1), bytes: octal(block, 124, 12), isFile: type === "0" || type === "\0" };
}

/** Sum of all bytes, with blanks in place of the checksum itself. */
function checksum(block: Buffer): number {
	let sum = 8 * 0x20;
	for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
	return sum;
}

function text(block: Buffer, start: number, length: number): string {
	const field = block.subarray(start, start + length);
	const end = field.indexOf(0);
	return field.toString("utf8", 0, end === -1 ? length : end);
}

/** Returns a number in octal digits. Files of 8 GiB and more have another form, and no model is that large. */
function octal(block: Buffer, start: number, length: number): number {
	const digits = text(block, start, length).trim();
	if (!/^[0-7]{1,12}$/.test(digits)) throw archiveFault("is no tar archive, or damaged");
	return Number.parseInt(digits, 8);
}
