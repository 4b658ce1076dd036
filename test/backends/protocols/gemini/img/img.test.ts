import type { GenerateContentParameters } from "@google/genai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as img from "../../../../../generated/ir/img.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { png } from "../../../../helpers/images.ts";
import { type MemoryMedia, memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer, type Behaviour, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { COMPARED_HEADERS, sdkOf } from "../sdk.ts";
import { IR_USAGE, KEY, response, upstream } from "../upstream.ts";

interface Drawing {
	readonly create: (payload?: Partial<img.Request>, signal?: AbortSignal) => Promise<img.Response>;
	readonly server: OpenAiServer;
	readonly media: MemoryMedia;
}

/** Runs a test against an upstream with this script. */
function against(
	script: readonly Behaviour[],
	run: (drawing: Drawing) => Promise<void>,
	options: InstanceConfig["options"] = {},
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server, context }) => {
			const images = backend.operations.image_generation;
			if (images === undefined) throw new Error("the kind serves no images");
			const media = memoryMedia({
				a: { bytes: Buffer.from("image a"), mimeType: "image/png" },
				t: { bytes: Buffer.from("text"), mimeType: "text/plain" },
				"https://a.example/b": { bytes: Buffer.from("image b"), mimeType: "image/jpeg" },
			});
			const create: Drawing["create"] = (payload = {}, signal = context.signal) =>
				images.unary(
					envelopeOf("image_generation", { task: { type: "generate" }, prompt: "a cat", ...payload }),
					contextOf({ media, apiKey: KEY, signal }),
				);
			await run({ create, server, media });
		},
		{ options },
	);
}

const stored = (id: string): types.MediaRef => ({ type: "stored", stored: `sms+file://${id}` });
const drawn = { inlineData: { mimeType: "image/png", data: Buffer.from(png()).toString("base64") } };
const ONE = answer.json(response([{ text: "Here it is." }, { ...drawn, thoughtSignature: "S" }]));

test("an image is requested as a modality of the answer, and stored", () =>
	against([ONE], async ({ create, server, media }) => {
		const result = await create();
		assert.equal(result, {
			model: "gemini-3.8-flash-001",
			images: [{ media: stored("m1"), mime_type: "image/png", size: result.images[0]?.size }],
			downgrades: [],
			usage: IR_USAGE,
		});
		assert.equal(media.stored.get("m1")?.bytes, new Uint8Array(png()));
		const request = await server.request(0);
		assert.is(request.path, "/v1/models/gemini-3.8-flash:generateContent");
		assert.equal(request.json(), {
			contents: [{ role: "user", parts: [{ text: "a cat" }] }],
			generationConfig: { responseModalities: ["TEXT", "IMAGE"] },
		});
	}));

test("images to edit come before the prompt, with their bytes", () =>
	against([ONE], async ({ create, server }) => {
		await create({ task: { type: "edit", edit: { images: [stored("a"), { type: "url", url: "https://a.example/b" }] } }, seed: 7 });
		assert.equal((await server.request(0)).json(), {
			contents: [
				{
					role: "user",
					parts: [
						{ inlineData: { mimeType: "image/png", data: Buffer.from("image a").toString("base64") } },
						{ inlineData: { mimeType: "image/jpeg", data: Buffer.from("image b").toString("base64") } },
						{ text: "a cat" },
					],
				},
			],
			generationConfig: { responseModalities: ["TEXT", "IMAGE"], seed: 7 },
		});
	}));

test("a size becomes its ratio, with a class of size if it is large", async () => {
	const sizes: readonly (readonly [width: number, height: number, config: object])[] = [
		[1024, 1024, { aspectRatio: "1:1" }],
		[1344, 768, { aspectRatio: "16:9" }],
		[896, 1344, { aspectRatio: "2:3" }],
		[2048, 2048, { aspectRatio: "1:1", imageSize: "2K" }],
		[1792, 1008, { aspectRatio: "16:9", imageSize: "2K" }],
		[4096, 4096, { aspectRatio: "1:1", imageSize: "4K" }],
	];
	await against(
		sizes.map(() => ONE),
		async ({ create, server }) => {
			for (const [index, [width, height, imageConfig]] of sizes.entries()) {
				const { downgrades } = await create({ size: { width, height } });
				assert.equal(
					downgrades?.map(({ field }) => field),
					["size"],
				);
				const { generationConfig } = Object((await server.request(index)).json());
				assert.equal(generationConfig, { responseModalities: ["TEXT", "IMAGE"], imageConfig });
			}
		},
	);
});

test("several images are several requests, and a failure of some is a downgrade", () =>
	against([ONE, answer.json(response([{ text: "No." }], { finishReason: "IMAGE_SAFETY" })), ONE], async ({ create, server }) => {
		const { images, downgrades, usage } = await create({ n: 3 });
		assert.is(images.length, 2);
		assert.equal(downgrades, [
			{ field: "n", effect: "changed", detail: "2 images instead of 3" },
			{ field: "n", effect: "changed", detail: "an image is missing: the provider's filter stopped the answer: IMAGE_SAFETY" },
		]);
		assert.equal(usage, {
			input_tokens: 34,
			output_tokens: 80,
			total_tokens: 114,
			cached_input_tokens: 6,
			reasoning_tokens: 18,
		});
		assert.is(server.requests.length, 3);
	}));

const blocked = { ...response([]), candidates: undefined, promptFeedback: { blockReason: "IMAGE_SAFETY" } };

/** Answers without an image, and their errors. */
const FAILURES: Readonly<Record<string, readonly [body: unknown, error: string]>> = {
	"a filter stops the answer": [
		response([], { finishReason: "IMAGE_SAFETY", finishMessage: "Unable to show the image." }),
		"invalid_request final request: Unable to show the image.",
	],
	"a filter blocks the prompt": [blocked, "invalid_request final request: the provider's filter stopped the prompt: IMAGE_SAFETY"],
	"the model writes a text": [
		response([{ text: "I cannot draw that." }]),
		"backend_error retry request: the model made no image: I cannot draw that.",
	],
	"the model makes a draft alone": [
		response([{ ...drawn, thought: true }], { finishReason: "NO_IMAGE" }),
		"backend_error retry request: the model made no image",
	],
	"the image is no image": [
		response([{ inlineData: { mimeType: "image/png", data: "AAAA" } }]),
		"backend_error final backend: the backend's answer is malformed: inlineData is not an image of a known format",
	],
	"the upstream reports an error": [
		{ error: { code: 503, status: "UNAVAILABLE", message: "Overloaded." } },
		"backend_error retry capacity: the backend is overloaded: Overloaded.",
	],
};

for (const [name, [body, expected]] of Object.entries(FAILURES)) {
	test(`a call for one image fails if ${name}`, () =>
		against([answer.json(body)], async ({ create, media }) => {
			const { code, retryable, attribution, message } = await failure(create());
			assert.is(`${code} ${retryable ? "retry" : "final"} ${attribution}: ${message}`, expected);
			assert.not(media.stored.has("m1"));
		}));
}

const REFUSED: Readonly<Record<string, readonly [payload: Partial<img.Request>, error: string]>> = {
	"a mask": [
		{ task: { type: "edit", edit: { images: [stored("a")], mask: stored("a") } } },
		"missing_capabilities: task.edit.mask: this backend has no masks; describe the area in the prompt",
	],
	"a variation": [
		{ task: { type: "variation", variation: stored("a") } },
		"missing_capabilities: task.variation: this backend needs a prompt; use an edit",
	],
	"a text to edit": [
		{ task: { type: "edit", edit: { images: [stored("t")] } } },
		"invalid_request: task.edit.images[0]: it is text/plain, not an image",
	],
	"an unknown ratio": [
		{ size: { width: 1000, height: 700 } },
		"missing_capabilities: size: this backend makes no images with the ratio of 1000 to 700",
	],
	"a quality": [{ quality: "high" }, "missing_capabilities: quality: this backend has no member for it"],
	"a style": [{ style: "vivid" }, "missing_capabilities: style: this backend has no member for it"],
	"a background": [{ background: "opaque" }, "missing_capabilities: background: this backend has no member for it"],
	"a format": [{ format: "webp" }, "missing_capabilities: format: this backend has no member for it"],
	"a large seed": [{ seed: 2 ** 40 }, "missing_capabilities: seed: this backend accepts only numbers of 32 bits"],
};

for (const [name, [payload, expected]] of Object.entries(REFUSED)) {
	test(`${name} is refused by name, without a request`, () =>
		against([], async ({ create, server }) => {
			const { code, message } = await failure(create(payload));
			assert.is(`${code}: ${message}`, expected);
			assert.is(server.requests.length, 0);
		}));
}

test("an abort ends every request", () =>
	against([answer.silence(), answer.silence()], async ({ create, server }) => {
		const controller = new AbortController();
		const call = create({ n: 2 }, controller.signal);
		const requests = [await server.request(0), await server.request(1)];
		controller.abort();
		assert.is((await failure(call)).code, "cancelled");
		for (const request of requests) assert.equal(await request.ended, { clientClosed: true });
	}));

test("an image is requested as the SDK requests it", () =>
	against([ONE, ONE], async ({ create, server }) => {
		await create({ size: { width: 2048, height: 2048 }, task: { type: "edit", edit: { images: [stored("a")] } } });
		await sdkOf(server).models.generateContent({
			model: "gemini-3.8-flash",
			contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "aW1hZ2UgYQ==" } }, { text: "a cat" }] }],
			config: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "1:1", imageSize: "2K" } },
		} satisfies GenerateContentParameters);
		const [ours, theirs] = [await server.request(0), await server.request(1)];
		assert.equal(differences(ours.json(), theirs.json()), []);
		assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
		for (const header of COMPARED_HEADERS) assert.is(ours.headers[header], theirs.headers[header], header);
		await server.close();
	}));

test.run();
