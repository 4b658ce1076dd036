import { createHash } from "node:crypto";
import { pngFile } from "../../../formats/png.ts";

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
 */
export function patternPng({ text, width, height, software }: Pattern): Uint8Array {
	const hash = createHash("sha256").update(text).digest();
	// One bit per pixel, an index into the palette.
	const content = { bitDepth: 1, colorType: 3, palette: hash.subarray(0, 6), rows: pixels(hash.subarray(6), width, height) } as const;
	return pngFile({ width, height, software, ...content });
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
