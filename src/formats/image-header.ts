/** Properties that an image file states in its first bytes. */
export interface ImageHeader {
	readonly mimeType: "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "image/bmp" | "image/avif";
	/** Width in pixels. */
	readonly width: number;
	/** Height in pixels. */
	readonly height: number;
}

/**
 * Reads the header of a PNG, JPEG, WebP, GIF, BMP or AVIF file. Returns `undefined` for other files, and for bytes that end before the
 * size. Most formats state the size in their first 30 bytes. In a JPEG or AVIF file, kilobytes of other segments may precede it.
 */
export function imageHeader(bytes: Uint8Array): ImageHeader | undefined {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const found = png(view) ?? jpeg(view) ?? webp(view) ?? gif(view) ?? bmp(view) ?? avif(view);
	return found !== undefined && found.width > 0 && found.height > 0 ? found : undefined;
}

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function png(bytes: Buffer): ImageHeader | undefined {
	if (bytes.length < 24 || bytes.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n" || bytes.toString("latin1", 12, 16) !== "IHDR")
		return undefined;
	return { mimeType: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Returns true for a marker of a frame header, which states the size. Excludes the markers for tables and a reserved one. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Skips segments until one states the size.
 *
 * @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf annex B
 */
function jpeg(bytes: Buffer): ImageHeader | undefined {
	if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
	let at = 2;
	while (at + 9 <= bytes.length && bytes[at] === 0xff) {
		const marker = bytes.readUInt8(at + 1);
		if (marker === 0xff) {
			at += 1; // Any number of fill bytes may precede a marker.
		} else if (isFrame(marker)) {
			return { mimeType: "image/jpeg", width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
		} else {
			const length = bytes.readUInt16BE(at + 2);
			if (length < 2) return undefined;
			at += 2 + length;
		}
	}
	return undefined;
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webp(bytes: Buffer): ImageHeader | undefined {
	if (bytes.length < 30 || bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WEBP") return undefined;
	const mimeType = "image/webp";
	switch (bytes.toString("latin1", 12, 16)) {
		case "VP8 ":
			if (bytes.readUIntBE(23, 3) !== 0x9d012a) return undefined;
			return { mimeType, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
		case "VP8L": {
			if (bytes[20] !== 0x2f) return undefined;
			const sizes = bytes.readUInt32LE(21);
			return { mimeType, width: (sizes & 0x3fff) + 1, height: ((sizes >>> 14) & 0x3fff) + 1 };
		}
		case "VP8X":
			return { mimeType, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
		default:
			return undefined;
	}
}

/** @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt section 18 */
function gif(bytes: Buffer): ImageHeader | undefined {
	if (bytes.length < 10 || !/^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6))) return undefined;
	return { mimeType: "image/gif", width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** A negative height means that the rows begin at the top. */
function bmp(bytes: Buffer): ImageHeader | undefined {
	if (bytes.length < 26 || bytes.toString("latin1", 0, 2) !== "BM" || bytes.readUInt32LE(14) < 40) return undefined;
	return { mimeType: "image/bmp", width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

/**
 * Finds the first box with a size.
 *
 * @see https://aomediacodec.github.io/av1-avif/
 */
function avif(bytes: Buffer): ImageHeader | undefined {
	if (!/^ftypavi[fs]$/.test(bytes.toString("latin1", 4, 12))) return undefined;
	const size = bytes.indexOf("ispe", 12, "latin1");
	if (size < 0 || size + 16 > bytes.length) return undefined;
	return { mimeType: "image/avif", width: bytes.readUInt32BE(size + 8), height: bytes.readUInt32BE(size + 12) };
}
