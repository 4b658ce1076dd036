import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** Entry of a tar archive that a test writes. */
export interface TarEntry {
	readonly path: string;
	readonly content?: string;
	/** Type of the entry. The default is a regular file, `0`. */
	readonly type?: string;
	/** Size in the header. The default is that of the content. */
	readonly bytes?: number;
}

/** Returns a tar archive. The folder `package/` is not added. */
export function tar(entries: readonly TarEntry[]): Buffer {
	return Buffer.concat([...entries.flatMap(tarEntry), Buffer.alloc(1024)]);
}

/** Returns an npm tarball of files by their paths in the package. Contents of one length give tarballs of one length. */
export function tarball(files: Readonly<Record<string, string>>): Buffer {
	return gzipSync(tar(Object.entries(files).map(([path, content]) => ({ path: `package/${path}`, content }))), { level: 0 });
}

function tarEntry({ path, content = "", type = "0", bytes }: TarEntry): readonly Buffer[] {
	const body = Buffer.from(content);
	const header = Buffer.alloc(512);
	header.write(path, 0, 100);
	header.write("0000644\0", 100);
	header.write(`${(bytes ?? body.length).toString(8).padStart(11, "0")}\0`, 124);
	header.write("        ", 148);
	header.write(type, 156);
	header.write("ustar\u000000", 257, "latin1");
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
	return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}

/** Entry of a zip archive that a test writes. */
export interface ZipEntry {
	readonly path: string;
	readonly content: string;
	/** Leaves the content as it is. The default packs it. */
	readonly stored?: boolean;
	/** Flags of the entry. 1 marks an encrypted one. */
	readonly flags?: number;
}

/** Returns a zip archive. */
export function zip(entries: readonly ZipEntry[], comment = ""): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const { path, content, stored = false, flags = 0 } of entries) {
		const name = Buffer.from(path);
		const body = Buffer.from(content);
		const packed = stored ? body : deflateRawSync(body);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(flags, 2);
		common.writeUInt16LE(stored ? 0 : 8, 4);
		common.writeUInt32LE(crc32(body), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(body.length, 18);
		common.writeUInt16LE(name.length, 22);
		const local = [Buffer.from("PK\u0003\u0004", "latin1"), common, name, packed];
		const more = Buffer.alloc(14);
		more.writeUInt32LE(offset, 10);
		directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, more, name);
		parts.push(...local);
		offset += local.reduce((sum, part) => sum + part.length, 0);
	}
	const central = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write("PK\u0005\u0006", 0, "latin1");
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(offset, 16);
	end.writeUInt16LE(comment.length, 20);
	return Buffer.concat([...parts, central, end, Buffer.from(comment)]);
}

/** Returns a wheel that pip accepts, with one more file. */
export function wheel(name: string, version: string, path: string, content: string): Buffer {
	const info = `${name}-${version}.dist-info`;
	return zip([
		{ path, content },
		{ path: `${info}/METADATA`, content: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n` },
		{ path: `${info}/WHEEL`, content: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n" },
		{ path: `${info}/RECORD`, content: "" },
	]);
}
