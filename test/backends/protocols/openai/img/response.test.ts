import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendMedia, MediaContent } from "../../../../../generated/backends/backend.ts";
import { fetchedImage } from "../../../../../src/backends/protocols/openai/img/fetched-image.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { assertLinear } from "../../../../helpers/growth.ts";
import { jpegHead, png, webpHead } from "../../../../helpers/images.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
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

/** Errors of a download, which are the request's where a guest names the URL. */
const DOWNLOAD = { attribution: "request", processed: "no" } as const;

test("a URL whose fetch fails is the backend's failure, and the image that exists is not made again", async () => {
	for (const [thrown, code, message] of [
		[new SpearError("timeout", "the server behind the URL sent nothing", DOWNLOAD), "timeout", "the server behind the URL sent nothing"],
		[
			new SpearError("invalid_request", "the server behind the URL answers with status 404", DOWNLOAD),
			"backend_error",
			"the image behind the URL of the backend's answer cannot be fetched: the server behind the URL answers with status 404",
		],
		[
			new SpearError("rate_limited", "the server behind the URL answers with status 429", DOWNLOAD),
			"backend_error",
			"the image behind the URL of the backend's answer cannot be fetched: the server behind the URL answers with status 429",
		],
	] as const) {
		const opening = (): Promise<MediaContent> => Promise.reject(thrown);
		const reading = async (): Promise<MediaContent> => ({
			mimeType: "image/png",
			size: undefined,
			async *stream() {
				yield png().subarray(0, 4);
				throw thrown;
			},
			bytes: () => Promise.reject(thrown),
		});
		const storing = async (): Promise<MediaContent> => ({
			mimeType: "image/png",
			size: undefined,
			async *stream() {
				yield png();
				throw thrown;
			},
			bytes: () => Promise.reject(thrown),
		});
		for (const open of [opening, reading, storing])
			await against([answer.json(images([{ url: PHOTO }]))], async ({ create, media }) => {
				const error = await failure(create({}, { media: { ...media, open } }));
				assert.equal([error.code, error.message, error.attribution, error.processed], [code, message, "backend", "unknown"]);
			});
	}
});

test("a store that fails fails the request, and the source of every image is closed", () =>
	against([answer.json(images([{ url: PHOTO }, { url: PHOTO }]))], async ({ create, media }) => {
		const late = new SpearError("timeout", "too late");
		let open = 0;
		const failing: BackendMedia = {
			...media,
			store: () => Promise.reject(late),
			async open() {
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

/** Malformed answers without any image. */
const MALFORMED: readonly (readonly [answer: unknown, what: string])[] = [
	[[], "it is not an object"],
	[{}, "data holds no image"],
	[images([]), "data holds no image"],
	[images(["x"]), "data[0] is not an object"],
	[images([null, "x"]), "data[0] is not an object"],
	[images([{ revised_prompt: "x" }]), "data[0] has neither b64_json nor url"],
	[images([{ b64_json: "%%" }]), "data[0].b64_json is not base64"],
	[images([{ b64_json: base64(Buffer.from("no image")) }]), "data[0].b64_json is not an image of a known format"],
	[images([{ b64_json: base64(png().subarray(0, 20)) }]), "data[0].b64_json is not an image of a known format"],
	[images([{ url: PAGE }]), "data[0].url is not an image of a known format"],
	[images([{ url: "data:text/html;base64,PGI+" }]), "data[0].url is not an image of a known format"],
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

/** Answers to a request for two PNG images of 4x3 pixels that differ from it, the number of delivered images, and their downgrades. */
const DIFFERENT: readonly (readonly [data: readonly unknown[], delivered: number, downgrades: readonly (readonly [string, string])[]])[] = [
	[[PNG, PNG], 2, []],
	[[PNG, PNG, PNG], 3, [["n", "3 images instead of 2"]]],
	[[PNG], 1, [["n", "1 image instead of 2"]]],
	[[PNG, { b64_json: base64(webpHead("VP8X", 4, 3)) }], 2, [["format", "image 2 is image/webp instead of image/png"]]],
	[
		[PNG, { b64_json: base64(jpegHead(8, 6)) }],
		2,
		[
			["format", "image 2 is image/jpeg instead of image/png"],
			["size", "image 2 has 8x6 pixels instead of 4x3"],
		],
	],
	[[gif(4, 3), PNG], 2, [["format", "image 1 is image/gif instead of image/png"]]],
	[
		[PNG, { revised_prompt: "x" }],
		1,
		[
			["n", "1 image instead of 2"],
			["n", "an image is missing: the backend's answer is malformed: data[1] has neither b64_json nor url"],
		],
	],
	[
		[{ url: PAGE }, PNG],
		1,
		[
			["n", "1 image instead of 2"],
			["n", "an image is missing: the backend's answer is malformed: data[0].url is not an image of a known format"],
		],
	],
	[
		Array.from({ length: 20 }, () => PNG),
		16,
		[
			["n", "16 images instead of 2"],
			["n", "4 images more of the backend's answer are omitted"],
		],
	],
];

test("images in another number, format or size than requested are delivered with declared downgrades", () =>
	against(
		DIFFERENT.map(([data]) => answer.json(images(data))),
		async ({ create, media }) => {
			for (const [, delivered, downgrades] of DIFFERENT) {
				const response = await create({ n: 2, format: "png", size: { width: 4, height: 3 } });
				assert.is(response.images.length, delivered);
				for (const image of response.images) assert.ok(image.media.type === "stored" && media.stored.has(image.media.stored.slice(11)));
				assert.equal(
					(response.downgrades ?? []).map(({ field, detail }) => [field, detail]),
					downgrades,
				);
			}
		},
	));

test("an image that cannot be stored whole is declared missing, and the others are delivered", () =>
	against([answer.json(images([PNG, { url: PHOTO }, PNG]))], async ({ create, media }) => {
		const broke = new SpearError("backend_error", "the connection to the server behind the URL failed");
		const breaking: BackendMedia = {
			...media,
			open: async () => ({
				mimeType: "image/jpeg",
				size: undefined,
				async *stream() {
					yield jpegHead(64, 48);
					throw broke;
				},
				bytes: () => Promise.reject(broke),
			}),
		};
		const response = await create({ n: 3 }, { media: breaking });
		assert.is(response.images.length, 2);
		assert.equal(response.downgrades, [
			{ field: "n", effect: "changed", detail: "2 images instead of 3" },
			{
				field: "n",
				effect: "changed",
				detail:
					"an image is missing: the image behind the URL of the backend's answer cannot be fetched: the connection to the server behind the URL failed",
			},
		]);
	}));

test("an image that the guest's cancellation interrupts fails the request, whatever images were read before", () =>
	against([answer.json(images([PNG, { url: PHOTO }]))], async ({ create, media }) => {
		const cancelled = new SpearError("cancelled", "the guest has left");
		const leaving = new AbortController();
		const failing: BackendMedia = {
			...media,
			open: async () => {
				leaving.abort(cancelled);
				throw cancelled;
			},
		};
		assert.is(await failure(create({ n: 2 }, { media: failing, signal: leaving.signal })), cancelled);
		assert.not.ok(media.stored.has("m1"));
	}));

test("the search for the header of an image costs linear time when a server sends one byte a chunk", () =>
	assertLinear({
		name: "image header",
		make: (size) => jpegHead(8, 8, size).subarray(0, size),
		run: async (bytes: Uint8Array) => {
			const media: BackendMedia = { ...memoryMedia(), open: async () => byteByByte(bytes) };
			await fetchedImage(PHOTO, media, new AbortController().signal, (what) => new Error(what));
		},
	}));

/** Returns a GIF in an item of an answer. */
function gif(width: number, height: number): object {
	return { b64_json: base64(Buffer.from([...Buffer.from("GIF89a"), width, 0, height, 0, 0, 0, 0])) };
}

function byteByByte(bytes: Uint8Array): MediaContent {
	return {
		mimeType: "image/jpeg",
		size: bytes.byteLength,
		async *stream() {
			for (let at = 0; at < bytes.byteLength; at++) yield bytes.subarray(at, at + 1);
		},
		bytes: async () => bytes,
	};
}

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
