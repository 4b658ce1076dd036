import { crc32, deflateSync } from "node:zlib";

/** Content of a PNG file. */
export interface PngContent {
	/** Width in pixels. */
	readonly width: number;
	/** Height in pixels. */
	readonly height: number;
	/** Bits of a sample: a colour, or an index into the palette. */
	readonly bitDepth: 1 | 8;
	/** 2: red, green and blue for each pixel. 3: an index into the palette. */
	readonly colorType: 2 | 3;
	/** Colours by index, three bytes each. Absent for colour type 2. */
	readonly palette?: Uint8Array;
	/** Rows of pixels. Each begins with the byte of its filter. */
	readonly rows: Uint8Array;
	/** Name of the software, written into the file. */
	readonly software: string;
}

/**
 * Returns a PNG file.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export function pngFile({ width, height, bitDepth, colorType, palette, rows, software }: PngContent): Buffer<ArrayBuffer> {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([bitDepth, colorType, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		chunk("tEXt", Buffer.from(`Software\0${software}`, "latin1")),
		...(palette === undefined ? [] : [chunk("PLTE", palette)]),
		chunk("IDAT", deflateSync(rows)),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const framed = Buffer.alloc(8 + body.length);
	framed.writeUInt32BE(data.length, 0);
	framed.set(body, 4);
	framed.writeUInt32BE(crc32(body), 4 + body.length);
	return framed;
}
