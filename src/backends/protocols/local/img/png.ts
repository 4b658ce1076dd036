import { crc32, deflateSync } from "node:zlib";

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
 * @see https://www.w3.org/TR/png-3/
 */
export function png({ width, height, rgb }: Pixels, software: string): Uint8Array<ArrayBuffer> {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8); // Eight bits a colour, no palette and no transparency.
	const file = Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		chunk("tEXt", Buffer.from(`Software\0${software}`, "latin1")),
		chunk("IDAT", deflateSync(filtered(rgb, width * PIXEL, height), { level: 6 })),
		chunk("IEND", Buffer.alloc(0)),
	]);
	return Uint8Array.from(file);
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

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const framed = Buffer.alloc(8 + body.length);
	framed.writeUInt32BE(data.length, 0);
	framed.set(body, 4);
	framed.writeUInt32BE(crc32(body), 4 + body.length);
	return framed;
}
