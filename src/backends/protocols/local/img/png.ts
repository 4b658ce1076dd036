import { pngFile } from "../../../../formats/png.ts";

/** Bytes of a pixel: red, green, blue. */
const PIXEL = 3;

/** An image of three bytes a pixel, row by row. */
export interface Pixels {
	readonly width: number;
	readonly height: number;
	readonly rgb: Uint8Array;
}

/**
 * Returns a PNG file.
 *
 * @param software Name of the software, written into the file.
 */
export function png({ width, height, rgb }: Pixels, software: string): Uint8Array<ArrayBuffer> {
	// Eight bits a colour, no palette and no transparency.
	const rows = filtered(rgb, width * PIXEL, height);
	return Uint8Array.from(pngFile({ width, height, bitDepth: 8, colorType: 2, rows, software }));
}

/** Returns rows of differences between neighbouring pixels, each behind the byte that says so. Such rows are compressed better. */
function filtered(rgb: Uint8Array, stride: number, height: number): Uint8Array {
	const rows = new Uint8Array((stride + 1) * height);
	for (let y = 0; y < height; y++) {
		const row = rows.subarray(y * (stride + 1), (y + 1) * (stride + 1));
		const from = y * stride;
		row[0] = 1;
		for (let x = 0; x < stride; x++) row[x + 1] = (rgb[from + x] ?? 0) - (x < PIXEL ? 0 : (rgb[from + x - PIXEL] ?? 0));
	}
	return rows;
}
