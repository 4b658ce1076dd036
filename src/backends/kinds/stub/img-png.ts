import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

/** A pattern in two colours that depends only on `text`. */
export interface Pattern {
	readonly text: string;
	/** Width in pixels. */
	readonly width: number;
	/** Height in pixels. */
	readonly height: number;
	/** Name of the software, written into the file. */
	readonly software: string;
}

/** Number of cells in a row and in a column. */
const CELLS = 8;

/**
 * Returns a PNG file with 8 by 8 cells of two colours. The right half mirrors the left.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export function patternPng({ text, width, height, software }: Pattern): Uint8Array {
	const hash = createHash("sha256").update(text).digest();
	const ihdr = Buffer.alloc(13);
	ihdr.writeUInt32BE(width, 0);
	ihdr.writeUInt32BE(height, 4);
	ihdr.set([1, 3, 0, 0, 0], 8); // One bit per pixel, an index into the palette.
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", ihdr),
		chunk("tEXt", Buffer.from(`Software\0${software}`, "latin1")),
		chunk("PLTE", hash.subarray(0, 6)),
		chunk("IDAT", deflateSync(pixels(hash.subarray(6), width, height))),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

/** Returns rows of pixels. Each begins with a byte that states that it is not filtered. */
function pixels(bits: Uint8Array, width: number, height: number): Buffer {
	const stride = 1 + Math.ceil(width / 8);
	const rows = Array.from({ length: CELLS }, (_, cellY) => {
		const row = Buffer.alloc(stride);
		for (let x = 0; x < width; x++) {
			const cellX = Math.floor((x * CELLS) / width);
			const mirrored = Math.min(cellX, CELLS - 1 - cellX);
			const set = ((bits[cellY] ?? 0) >> mirrored) & 1;
			row[1 + (x >> 3)] = (row[1 + (x >> 3)] ?? 0) | (set << (7 - (x & 7)));
		}
		return row;
	});
	return Buffer.concat(Array.from({ length: height }, (_, y) => rows[Math.floor((y * CELLS) / height)] ?? Buffer.alloc(stride)));
}

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const framed = Buffer.alloc(8 + body.length);
	framed.writeUInt32BE(data.length, 0);
	framed.set(body, 4);
	framed.writeUInt32BE(crc32(body), 4 + body.length);
	return framed;
}
