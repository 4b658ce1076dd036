import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendMedia } from "../../../../../generated/backends/backend.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { jpegHead, png, webpHead } from "../../../../helpers/images.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { against, base64, images, ONE, PAGE, PHOTO, stored } from "./fixture.ts";

test("an image behind a URL is fetched through the host's media and stored", () =>
	against([answer.json(images([{ url: PHOTO, revised_prompt: "a tabby" }]))], async ({ create, media }) => {
		assert.equal(await create({}), {
			images: [{ media: stored("m1"), mime_type: "image/jpeg", size: { width: 64, height: 48 }, revised_prompt: "a tabby" }],
		});
		assert.equal(media.stored.get("m1"), { bytes: new Uint8Array(jpegHead(64, 48)), mimeType: "image/jpeg" });
	}));

test("an image in a data: URL is decoded and stored", () =>
	against([answer.json(images([{ url: `data:image/png;base64,${base64(png())}` }]))], async ({ create, media }) => {
		await create({});
		assert.equal(media.stored.get("m1")?.bytes, png());
	}));

test("an image whose header arrives in small chunks is stored whole", () => {
	const whole = Buffer.concat([jpegHead(1000, 800, 70_000), Buffer.alloc(50_000, 1)]);
	return against([answer.json(images([{ url: PHOTO }]))], async ({ create, media }) => {
		const small: BackendMedia = {
			...media,
			open: async () => ({
				mimeType: "application/octet-stream",
				size: undefined,
				async *stream() {
					for (let from = 0; from < whole.length; from += 1000) yield whole.subarray(from, from + 1000);
				},
				bytes: async () => whole,
			}),
		};
		const { images: made } = await create({}, { media: small });
		assert.is(made[0]?.mime_type, "image/jpeg");
		assert.equal(made[0]?.size, { width: 1000, height: 800 });
		assert.ok(Buffer.from(media.stored.get("m1")?.bytes ?? []).equals(whole));
	});
});

test("a URL that the host may not fetch is a backend_error that does not show it", () =>
	against([answer.json(images([{ url: "https://elsewhere.example.com/x" }]))], async ({ create }) => {
		const error = await failure(create({}));
		assert.equal(error.toRecord(), {
			code: "backend_error",
			message:
				"the backend answered with a URL that the host may not fetch; its operator must allow that host or set image_response_format",
			retryable: false,
		});
	}));

test("a fetch that fails otherwise keeps its error, and every source is closed", () =>
	against([answer.json(images([{ url: PHOTO }, { url: PAGE }]))], async ({ create, media }) => {
		const late = new SpearError("timeout", "too late");
		let open = 0;
		const failing: BackendMedia = {
			...media,
			async open(reference) {
				if (reference.type === "url" && reference.url === PAGE) throw late;
				return {
					mimeType: "image/png",
					size: undefined,
					async *stream() {
						open += 1;
						try {
							yield png();
							yield png();
						} finally {
							open -= 1;
						}
					},
					bytes: async () => png(),
				};
			},
		};
		assert.is(await failure(create({ n: 2 }, { media: failing })), late);
		assert.is(open, 0);
		assert.not.ok(media.stored.has("m1"));
	}));

const PNG = { b64_json: base64(png()) };

/** Malformed answers to a request for two PNG images. */
const MALFORMED: readonly (readonly [answer: unknown, what: string])[] = [
	[[], "it is not an object"],
	[{}, "data holds no image"],
	[images([]), "data holds no image"],
	[images([PNG, PNG, PNG]), "data holds 3 images instead of 2"],
	[images([PNG, "x"]), "data[1] is not an object"],
	[images([PNG, { revised_prompt: "x" }]), "data[1] has neither b64_json nor url"],
	[images([PNG, { b64_json: "%%" }]), "data[1].b64_json is not base64"],
	[images([PNG, { b64_json: base64(Buffer.from("no image")) }]), "data[1].b64_json is not a PNG, JPEG or WebP image"],
	[images([PNG, { b64_json: base64(png().subarray(0, 20)) }]), "data[1].b64_json is not a PNG, JPEG or WebP image"],
	[images([PNG, { url: PAGE }]), "data[1].url is not a PNG, JPEG or WebP image"],
	[images([PNG, { url: "data:text/html;base64,PGI+" }]), "data[1].url is not a PNG, JPEG or WebP image"],
	[images([PNG, { b64_json: base64(webpHead("VP8X", 2, 2)) }]), "data[1] is image/webp instead of image/png"],
];

test("a malformed image answer is an error that names the member, and nothing is stored", () =>
	against(
		MALFORMED.map(([value]) => answer.json(value)),
		async ({ create, media }) => {
			const before = [...media.stored.keys()];
			for (const [, what] of MALFORMED) {
				const error = await failure(create({ n: 2, format: "png" }));
				assert.is(error.code, "backend_error");
				assert.is(error.message, `the backend's answer is malformed: ${what}`);
				assert.is(error.retryable, false);
			}
			assert.equal([...media.stored.keys()], before);
		},
	));

test("an answer with fewer images than requested is accepted", () =>
	against([answer.json(ONE)], async ({ create }) => {
		assert.is((await create({ n: 3 })).images.length, 1);
	}));

test("an error in place of an image answer is the upstream's error", () =>
	against(
		[answer.json({ error: { message: "No", type: "image_generation_user_error", code: "content_policy_violation" } })],
		async ({ create }) => {
			const error = await failure(create({}));
			assert.is(error.code, "invalid_request");
			assert.is(error.message, "the backend finds the request invalid: No");
		},
	));

test("a store that fails fails the image request", () =>
	against([answer.json(ONE)], async ({ create, media }) => {
		const full = new SpearError("not_permitted", "the host keeps no more media for this guest");
		assert.is(await failure(create({}, { media: { ...media, store: () => Promise.reject(full) } })), full);
	}));

test.run();
