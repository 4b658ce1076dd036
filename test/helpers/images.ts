import { patternPng } from "../../src/backends/kinds/stub/img-png.ts";

/** Returns a valid PNG file of that size. */
export function png(width = 4, height = 3): Uint8Array {
	return new Uint8Array(patternPng({ text: "test", width, height, software: "test" }));
}

/** Returns the start of a JPEG file of that size, with `padding` bytes of other segments before the size. */
export function jpegHead(width: number, height: number, padding = 0): Uint8Array {
	const other: Uint8Array[] = [];
	for (let left = padding; left > 0; left -= 65_533) {
		const length = 2 + Math.min(left, 65_533);
		other.push(Buffer.from([0xff, 0xe2, length >> 8, length & 255]), Buffer.alloc(length - 2));
	}
	const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3]);
	return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 74, 70]), ...other, Buffer.from([0xff]), frame]);
}

/** Returns the start of a WebP file: lossy, lossless or extended. */
export function webpHead(form: "VP8 " | "VP8L" | "VP8X", width: number, height: number): Uint8Array {
	const bytes = Buffer.alloc(32);
	bytes.write(`RIFF    WEBP${form}`, "latin1");
	if (form === "VP8 ") {
		bytes.set([0x9d, 0x01, 0x2a], 23);
		bytes.writeUInt16LE(width, 26);
		bytes.writeUInt16LE(height, 28);
	} else if (form === "VP8L") {
		bytes[20] = 0x2f;
		bytes.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
	} else {
		bytes.writeUIntLE(width - 1, 24, 3);
		bytes.writeUIntLE(height - 1, 27, 3);
	}
	return bytes;
}
