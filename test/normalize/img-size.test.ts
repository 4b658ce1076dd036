import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateImgSize } from "../../src/normalize/img.ts";

test("the size of an image request is the number of images, their pixels and the tokens of the prompt", () => {
	const task = { type: "generate" } as const;
	const size = { width: 1024, height: 512 };
	assert.equal(estimateImgSize({ task, prompt: "a cat on a mat", n: 3, size }), { input_tokens: 4, images: 3, image_pixels: 524_288 });
});

test("the size of an image request without n and size is one image of unknown pixels", () => {
	assert.equal(estimateImgSize({ task: { type: "variation", variation: { type: "stored", stored: "sms+file://1" } } }), { images: 1 });
});

test.run();
