import { test } from "uvu";
import * as assert from "uvu/assert";
import { imageHeader } from "../../src/formats/image-header.ts";
import { jpegHead, png, webpHead } from "../helpers/images.ts";

test("the header of a PNG, a JPEG and each form of WebP holds type and size", () => {
	assert.equal(imageHeader(png(300, 20)), { mimeType: "image/png", width: 300, height: 20 });
	assert.equal(imageHeader(jpegHead(1024, 768)), { mimeType: "image/jpeg", width: 1024, height: 768 });
	for (const form of ["VP8 ", "VP8L", "VP8X"] as const)
		assert.equal(imageHeader(webpHead(form, 1536, 864)), { mimeType: "image/webp", width: 1536, height: 864 });
});

test("the header of a GIF, a BMP and an AVIF file holds type and size", () => {
	assert.equal(imageHeader(Buffer.from([...Buffer.from("GIF89a"), 0x40, 1, 20, 0])), { mimeType: "image/gif", width: 320, height: 20 });
	const bmp = Buffer.alloc(54);
	bmp.write("BM");
	bmp.writeUInt32LE(40, 14);
	bmp.writeInt32LE(320, 18);
	bmp.writeInt32LE(-20, 22);
	assert.equal(imageHeader(bmp), { mimeType: "image/bmp", width: 320, height: 20 });
	const avif = Buffer.alloc(100);
	avif.write("ftypavif", 4);
	avif.write("ispe", 60);
	avif.writeUInt32BE(320, 68);
	avif.writeUInt32BE(20, 72);
	assert.equal(imageHeader(avif), { mimeType: "image/avif", width: 320, height: 20 });
	assert.is(imageHeader(avif.subarray(0, 75)), undefined);
});

test("the size of a JPEG is found after tables, profiles and fill bytes", () => {
	assert.equal(imageHeader(jpegHead(640, 480, 200_000)), { mimeType: "image/jpeg", width: 640, height: 480 });
});

test("bytes that end before the size or are not an image have no header", () => {
	for (const bytes of [png(), jpegHead(640, 480), webpHead("VP8L", 5, 5)]) {
		const whole = imageHeader(bytes);
		for (let length = 0; length < bytes.length; length++) {
			const found = imageHeader(bytes.subarray(0, length));
			assert.ok(found === undefined || found.width === whole?.width, `${length} bytes`);
		}
	}
	assert.is(imageHeader(Buffer.from("<html>no image</html>".repeat(10))), undefined);
	assert.is(imageHeader(webpHead("VP8X", 1, 1).fill(0x20, 12, 16)), undefined);
	assert.is(imageHeader(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0])), undefined);
	assert.is(imageHeader(jpegHead(0, 480)), undefined, "a size of zero is invalid");
});

test("the header is read from a view at any offset of its buffer", () => {
	const padded = Buffer.concat([Buffer.from("xxxxx"), png(7, 9)]);
	assert.equal(imageHeader(new Uint8Array(padded).subarray(5)), { mimeType: "image/png", width: 7, height: 9 });
});

test.run();
