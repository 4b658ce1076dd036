import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendMedia } from "../../../../../generated/backends/backend.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { openaiCompatible } from "../../../../../src/backends/kinds/openai-compatible/index.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { jpegHead, png, webpHead } from "../../../../helpers/images.ts";
import { answer, type ReceivedRequest } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { KEY } from "../upstream.ts";
import { against, base64, images, ONE, PHOTO, stored } from "./fixture.ts";

const edit = (more: Partial<img.Edit> = {}): img.Task => ({ type: "edit", edit: { images: [stored("a")], ...more } });
const variation: img.Task = { type: "variation", variation: stored("a") };

/** Returns the body of a form, with `BOUNDARY` in place of its boundary. */
function form(request: ReceivedRequest | undefined): string {
	const [, boundary] = /^multipart\/form-data; boundary=(.*)$/.exec(request?.headers["content-type"] ?? "") ?? [];
	if (request === undefined || boundary === undefined) throw new Error("the request is no form");
	return request.body.replaceAll(boundary, "BOUNDARY");
}

const field = (name: string, value: string) => `--BOUNDARY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, filename: string, type: string, content: string) =>
	`--BOUNDARY\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
const END = "--BOUNDARY--\r\n";

test("a prompt is sent as JSON, and the image is stored with the type and size in its header", () =>
	against([answer.json(ONE)], async ({ create, server, media }) => {
		assert.equal(await create({}), {
			images: [{ media: stored("m1"), mime_type: "image/png", size: { width: 4, height: 3 } }],
		});
		assert.equal(media.stored.get("m1"), { bytes: png(), mimeType: "image/png" });
		const [request] = server.requests;
		assert.is(request?.path, "/v1/images/generations");
		assert.is(request?.headers.authorization, `Bearer ${KEY}`);
		assert.is(request?.body, '{"model":"small","prompt":"a cat"}');
	}));

test("each member of an image request is sent, and each member of the answer is returned", () =>
	against(
		[
			answer.json(
				images(
					[{ b64_json: base64(webpHead("VP8X", 1536, 864)), revised_prompt: "a black cat" }, { b64_json: base64(webpHead("VP8L", 9, 8)) }],
					{
						model: "draw-1",
						background: "transparent",
						output_format: "webp",
						usage: { total_tokens: 100, input_tokens: 50, output_tokens: 50, input_tokens_details: { text_tokens: 10, image_tokens: 40 } },
					},
				),
			),
		],
		async ({ create, server }) => {
			const response = await create(
				{
					model: "big",
					n: 2,
					size: { width: 1536, height: 864 },
					quality: "high",
					style: "vivid",
					background: "transparent",
					format: "webp",
					seed: 7,
				},
				{ extra: { moderation: "low" } },
			);
			assert.equal(response, {
				model: "draw-1",
				images: [
					{ media: stored("m1"), mime_type: "image/webp", size: { width: 1536, height: 864 }, revised_prompt: "a black cat" },
					{ media: stored("m2"), mime_type: "image/webp", size: { width: 9, height: 8 } },
				],
				downgrades: [{ field: "size", effect: "changed", detail: "image 2 has 9x8 pixels instead of 1536x864" }],
				usage: { input_tokens: 50, output_tokens: 50, total_tokens: 100 },
			});
			assert.equal(server.requests[0]?.json(), {
				model: "big-v2",
				prompt: "a cat",
				n: 2,
				size: "1536x864",
				quality: "hd",
				style: "vivid",
				background: "transparent",
				output_format: "webp",
				response_format: "b64_json",
				seed: 7,
				moderation: "low",
			});
		},
		{
			models: ["small", { name: "big", upstream: "big-v2" }],
			options: {
				image_response_format: "b64_json",
				image_seed: true,
				image_quality: { high: "hd" },
				allow_provider_options: ["moderation"],
			},
		},
	));

test("an edit is sent as a form with the stored image", () =>
	against([answer.json(ONE)], async ({ create, server }) => {
		await create({ task: edit(), n: 2, size: { width: 256, height: 256 } });
		const [request] = server.requests;
		assert.is(request?.path, "/v1/images/edits");
		assert.is(
			form(request),
			[
				field("model", "small"),
				field("prompt", "a cat"),
				field("n", "2"),
				field("size", "256x256"),
				file("image", "image.png", "image/png", "image a"),
				END,
			].join(""),
		);
		assert.is(request?.headers["content-length"], String(request?.bytes.length));
	}));

test("an edit of several images is sent with all images and the mask", () =>
	against(
		[answer.json(ONE)],
		async ({ create, server }) => {
			const task = edit({ images: [stored("a"), stored("b"), { type: "url", url: PHOTO }], mask: stored("m") });
			await create({ task, quality: "low", background: "opaque", format: "png" }, { extra: { input_fidelity: "high" } });
			assert.is(
				form(server.requests[0]),
				[
					field("model", "small"),
					field("prompt", "a cat"),
					field("quality", "low"),
					field("background", "opaque"),
					field("output_format", "png"),
					field("input_fidelity", "high"),
					file("image[]", "image.png", "image/png", "image a"),
					file("image[]", "image.jpg", "image/jpeg", "image b"),
					file("image[]", "image.jpg", "image/jpeg", Buffer.from(jpegHead(64, 48)).toString()),
					file("mask", "mask.png", "image/png", "mask"),
					END,
				].join(""),
			);
		},
		{ options: { allow_provider_options: true } },
	));

test("a variation is sent as a form without a prompt", () =>
	against(
		[answer.json(images([{ url: PHOTO }]))],
		async ({ create, server }) => {
			await create({ task: variation, n: 1 });
			const [request] = server.requests;
			assert.is(request?.path, "/v1/images/variations");
			assert.is(
				form(request),
				[
					field("model", "small"),
					field("n", "1"),
					field("response_format", "url"),
					file("image", "image.png", "image/png", "image a"),
					END,
				].join(""),
			);
		},
		{ options: { image_response_format: "url" } },
	));

test("members that the upstream has no equivalent for are refused by name, and nothing is sent", () =>
	against([], async ({ create, server }) => {
		const refused: [Partial<img.Request>, string][] = [
			[{ seed: 1 }, "seed: this backend has no member for it; its operator can enable it with image_seed"],
			[{ task: edit(), style: "vivid" }, "style: this backend has no member for it in a request to edit"],
			[{ task: variation, style: "vivid" }, "style: this backend has no member for it in a request to variation"],
			[{ task: variation, quality: "low" }, "quality: this backend has no member for it in a request to variation"],
			[{ task: variation, background: "opaque" }, "background: this backend has no member for it in a request to variation"],
			[{ task: variation, format: "png" }, "format: this backend has no member for it in a request to variation"],
		];
		for (const [payload, message] of refused) {
			const error = await failure(create(payload));
			assert.is(error.code, "missing_capabilities");
			assert.is(error.message, message);
		}
		for (const name of ["prompt", "n", "stream", "image[]", "seed"]) {
			const error = await failure(create({}, { extra: { [name]: "x" } }));
			assert.equal(
				[error.code, error.message],
				["invalid_request", `provider_options.${name}: it cannot be set this way; use the request's own members`],
			);
		}
		assert.is((await failure(create({}, { extra: { moderation: "low" } }))).code, "invalid_request");
		assert.is(server.requests.length, 0);
	}));

test("media that is not an image or does not exist is refused before anything is sent", () =>
	against([], async ({ create, server }) => {
		const error = await failure(create({ task: edit({ images: [stored("a"), stored("t")] }) }));
		assert.is(error.code, "invalid_request");
		assert.is(error.message, "task.edit.images[1]: it is text/plain, not an image");
		assert.is((await failure(create({ task: edit({ mask: stored("t") }) }))).message, "task.edit.mask: it is text/plain, not an image");
		assert.is((await failure(create({ task: { type: "variation", variation: stored("none") } }))).code, "not_permitted");
		assert.is(server.requests.length, 0);
	}));

test("media that fails while it is sent fails the image request with its own error", () =>
	against([answer.json(ONE)], async ({ create, media }) => {
		const gone = new SpearError("not_permitted", "the piece of media has expired");
		const failing: BackendMedia = {
			...media,
			open: async () => ({
				mimeType: "image/png",
				size: 10,
				async *stream() {
					yield Buffer.from("some");
					throw gone;
				},
				bytes: () => Promise.reject(gone),
			}),
		};
		assert.is(await failure(create({ task: edit() }, { media: failing })), gone);
	}));

test("supports_seed is declared only if the operator enables it", () => {
	const featuresOf = (options: Record<string, unknown>) =>
		openaiCompatible.create({ name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: [], options }).capabilities
			.image_generation?.features;
	const always = ["supports_background", "supports_image_edit", "supports_image_format", "supports_image_variation"];
	assert.equal(featuresOf({}), always);
	assert.equal(featuresOf({ image_seed: true }), [...always, "supports_seed"]);
});

test.run();
