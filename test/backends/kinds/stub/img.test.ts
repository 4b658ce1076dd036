import { crc32, inflateSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ImageGenerationBackend } from "../../../../generated/backends/image-generation.ts";
import type * as img from "../../../../generated/ir/img.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";

function imagesOf(options: Record<string, unknown> = {}): { images: ImageGenerationBackend; close: () => Promise<void> } {
	const backend = stub.create({ name: "stub", kind: "stub", models: [], options });
	const images = backend.operations.image_generation;
	if (images === undefined) throw new Error("the stub serves no images");
	return { images, close: () => backend.close() };
}

const { images } = imagesOf();

/** Returns the stub's response and the stored files. */
async function create(payload: Partial<img.Request>): Promise<{ response: img.Response; files: Uint8Array[] }> {
	const media = memoryMedia();
	const request: img.Request = { task: { type: "generate" }, prompt: "a cat", ...payload };
	const response = await images.unary(envelopeOf("image_generation", request), contextOf({ media }));
	return { response, files: [...media.stored.values()].map(({ bytes }) => bytes) };
}

/** Returns the chunks of a PNG file. Fails for a wrong checksum. */
function chunks(file: Uint8Array): { type: string; data: Buffer }[] {
	const bytes = Buffer.from(file);
	assert.is(bytes.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
	const found: { type: string; data: Buffer }[] = [];
	for (let at = 8; at < bytes.length; ) {
		const end = at + 8 + bytes.readUInt32BE(at);
		assert.is(bytes.readUInt32BE(end), crc32(bytes.subarray(at + 4, end)));
		found.push({ type: bytes.toString("latin1", at + 4, at + 8), data: bytes.subarray(at + 8, end) });
		at = end + 4;
	}
	return found;
}

test("the stub's image is stored with the stated size, and the model names the stub", async () => {
	const { response, files } = await create({});
	assert.equal(response, {
		model: "stub-image",
		images: [{ media: { type: "stored", stored: "sms+file://m1" }, mime_type: "image/png", size: { width: 256, height: 256 } }],
	});
	assert.is(files.length, 1);
});

test("the stub's image is a valid PNG that names its software", async () => {
	const { files } = await create({ size: { width: 13, height: 5 } });
	const [header, text, palette, data, end] = chunks(files[0] ?? new Uint8Array());
	assert.is(header?.type, "IHDR");
	assert.equal([header?.data.readUInt32BE(0), header?.data.readUInt32BE(4), ...(header?.data.subarray(8) ?? [])], [13, 5, 1, 3, 0, 0, 0]);
	assert.is(text?.type, "tEXt");
	assert.is(text?.data.toString(), "Software\0stub-image");
	assert.is(palette?.type, "PLTE");
	assert.is(palette?.data.length, 6);
	assert.is(data?.type, "IDAT");
	assert.is(inflateSync(data?.data ?? new Uint8Array()).length, 5 * (1 + 2));
	assert.is(end?.type, "IEND");
});

test("the stub's images depend on prompt, seed and position", async () => {
	const { files } = await create({ n: 3, seed: 7 });
	assert.is(files.length, 3);
	assert.equal((await create({ n: 3, seed: 7 })).files, files);
	const others = [await create({ n: 1, seed: 8 }), await create({ n: 1, seed: 7, prompt: "a dog" })].flatMap((each) => each.files);
	assert.is(new Set([...files, ...others].map((file) => Buffer.from(file).toString("base64"))).size, 5);
});

test("the stub refuses an image above its size limit", async () => {
	const error = await failure(create({ size: { width: 16, height: 2049 } }));
	assert.is(error.code, "invalid_request");
	assert.is(error.message, "size: the stub's images are at most 2048 pixels wide and high, not 2049");
});

test("the stub refuses edits, variations, backgrounds and other formats", async () => {
	const image: types.MediaRef = { type: "stored", stored: "sms+file://a" };
	const refused: [Partial<img.Request>, string][] = [
		[{ task: { type: "edit", edit: { images: [image] } } }, "supports_image_edit"],
		[{ task: { type: "variation", variation: image } }, "supports_image_variation"],
		[{ background: "opaque" }, "supports_background"],
		[{ format: "webp" }, "supports_image_format"],
	];
	for (const [payload, feature] of refused) {
		const error = await failure(create(payload));
		assert.is(error.code, "missing_capabilities");
		assert.is(error.message, `the stub does not offer ${feature}`);
	}
});

test("an abort and a shutdown end an image request of the stub", async () => {
	const { images: slow, close } = imagesOf({ delay_ms: 60_000 });
	const abort = new AbortController();
	const payload: img.Request = { task: { type: "generate" }, prompt: "a cat" };
	const call = (signal: AbortSignal) => failure(slow.unary(envelopeOf("image_generation", payload), contextOf({ signal })));
	const aborted = call(abort.signal);
	const reason = new SpearError("timeout", "too late");
	abort.abort(reason);
	assert.is(await aborted, reason);
	const waiting = call(new AbortController().signal);
	await close();
	assert.is((await waiting).code, "cancelled");
});

test.run();
