import OpenAI, { toFile } from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { png } from "../../../helpers/images.ts";
import { answer, type Behaviour, OpenAiServer } from "../../../helpers/openai-server.ts";
import { apiError, requestOf, served } from "../media-server.ts";

const PNG = Buffer.from(png(4, 3));
const BASE64 = PNG.toString("base64");
const drawn = (count = 1, more: object = {}): Behaviour =>
	answer.json({
		created: 1,
		data: Array.from({ length: count }, () => ({ b64_json: BASE64, ...more })),
		usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 },
	});
const photo = (): Promise<File> => toFile(Buffer.from("image a"), "photo.png", { type: "image/png" });
const mask = (): Promise<File> => toFile(Buffer.from("mask"), "mask.png", { type: "image/png" });

test("the SDK receives images in base64, and nothing stays in the store", () =>
	served([drawn(2, { revised_prompt: 'a "red" cat' })], async ({ sdk, mediaGone }) => {
		const { data: answered, response } = await sdk.images.generate({ model: "gpt-image-1", prompt: "a cat", n: 2 }).withResponse();
		const { created, ...rest } = answered;
		assert.equal(rest, {
			data: [
				{ b64_json: BASE64, revised_prompt: 'a "red" cat' },
				{ b64_json: BASE64, revised_prompt: 'a "red" cat' },
			],
			output_format: "png",
			size: "4x3",
			usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 },
		});
		assert.ok(Math.abs(created - Date.now() / 1000) < 60);
		assert.is(response.headers.get("x-spear-backend"), "up");
		await mediaGone();
	}));

test("an image of many megabytes arrives whole", () => {
	const large = Buffer.concat([PNG, Buffer.alloc(5_000_001, 7)]);
	return served([answer.json({ data: [{ b64_json: large.toString("base64") }] })], async ({ sdk, mediaGone }) => {
		const { data = [] } = await sdk.images.generate({ model: "m", prompt: "a cat" });
		assert.ok(Buffer.from(data[0]?.b64_json ?? "", "base64").equals(large));
		await mediaGone();
	});
});

test("answers that nobody reads hold others back until their clients go", () => {
	const large = Buffer.concat([PNG, Buffer.alloc(3_000_000, 7)]).toString("base64");
	const count = 30;
	return served(
		Array.from({ length: count + 1 }, () => answer.json({ data: [{ b64_json: large }] })),
		async ({ url, mediaGone }) => {
			const ask = (signal?: AbortSignal) =>
				fetch(`${url}/v1/images/generations`, {
					method: "POST",
					headers: { "content-type": "application/json" },
					body: JSON.stringify({ model: "m", prompt: "a cat" }),
					...(signal === undefined ? {} : { signal }),
				});
			const gone = new AbortController();
			await Promise.all(Array.from({ length: count }, () => ask(gone.signal)));
			const waiting = ask().then((answered) => answered.json());
			gone.abort();
			const { data } = Object(await waiting);
			assert.is(data[0].b64_json, large);
			await mediaGone();
		},
	);
});

test("a URL leads to the image without a key", () =>
	served([drawn()], async ({ sdk, url }) => {
		const { data = [] } = await sdk.images.generate({ model: "m", prompt: "a cat", response_format: "url" });
		const link = data[0]?.url ?? "";
		assert.ok(link.startsWith(`${url}/v1/images/files/`));
		const image = await fetch(link);
		assert.ok(Buffer.from(await image.arrayBuffer()).equals(PNG));
		const headers = ["content-type", "content-length", "content-security-policy", "x-content-type-options"];
		assert.equal(
			headers.map((name) => image.headers.get(name)),
			["image/png", String(PNG.length), "default-src 'none'; sandbox", "nosniff"],
		);
		const other = await fetch(`${link.slice(0, -1)}!`);
		assert.is(other.status, 404);
	}));

test("a URL needs no key where all else does", () =>
	served(
		[drawn()],
		async ({ url }) => {
			const headers = { authorization: "Bearer a-key-of-a-client-of-a-test", "content-type": "application/json" };
			const body = JSON.stringify({ model: "m", prompt: "a cat", response_format: "url" });
			const answered = await fetch(`${url}/v1/images/generations`, { method: "POST", headers, body });
			const [{ url: link }] = Object(await answered.json()).data;
			assert.is((await fetch(link)).status, 200);
			for (const path of ["/v1/images/files/", "/v1/images/files/x", "/v1/images/files/..%2f..%2fmodels", "/v1/models", "/v1/images/files"])
				assert.ok([401, 404].includes((await fetch(url + path)).status), path);
		},
		{ config: { clients: { app: { key_env: "APP_KEY" } } }, env: { APP_KEY: "a-key-of-a-client-of-a-test" } },
	));

test("a stream has one event for each image, and no partial images", () =>
	served([drawn(2)], async ({ sdk, mediaGone }) => {
		const stream = await sdk.images.generate({ model: "m", prompt: "a cat", stream: true, partial_images: 2, quality: "high", n: 2 });
		const events = (await Array.fromAsync(stream)).map((event) => ({ ...event, created_at: 0 }));
		const event = {
			type: "image_generation.completed",
			b64_json: BASE64,
			background: "auto",
			created_at: 0,
			output_format: "png",
			quality: "high",
			size: "4x3",
			usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 },
		};
		assert.equal(events, [event, event]);
		await mediaGone();
	}));

/** Requests that reach the upstream as the SDK would send them to it. */
const SAME: Readonly<Record<string, (sdk: OpenAI) => Promise<unknown>>> = {
	"to generate": (sdk) =>
		sdk.images.generate({
			model: "gpt-image-1",
			prompt: "a cat",
			n: 1,
			size: "1024x1536",
			quality: "low",
			background: "opaque",
			output_format: "webp",
			moderation: "low",
		}),
	"to generate with a style": (sdk) => sdk.images.generate({ model: "dall-e-3", prompt: "a cat", style: "vivid", user: "u1" }),
	"to edit one image": async (sdk) =>
		sdk.images.edit({
			model: "gpt-image-1",
			image: await photo(),
			mask: await mask(),
			prompt: "a dog",
			n: 1,
			size: "1024x1024",
			user: "u1",
		}),
	"to edit two images": async (sdk) =>
		sdk.images.edit({
			image: [await photo(), await mask()],
			prompt: "a dog",
			model: "gpt-image-1",
			quality: "medium",
			background: "transparent",
			output_format: "png",
		}),
	"to vary an image": async (sdk) => sdk.images.createVariation({ model: "dall-e-2", image: await photo(), n: 1, size: "512x512" }),
};
for (const [name, call] of Object.entries(SAME)) {
	test(`a request ${name} reaches the upstream as the SDK would send it`, async () => {
		const direct = await OpenAiServer.start(drawn());
		try {
			await call(new OpenAI({ apiKey: "none", baseURL: direct.baseUrl, logLevel: "off" }));
			await served([drawn()], async ({ sdk, upstream, mediaGone }) => {
				await call(sdk);
				assert.equal(requestOf(upstream.requests[0]), requestOf(direct.requests[0]));
				await mediaGone();
			});
		} finally {
			await direct.close();
		}
	});
}

test("the older words for quality and size are read", () =>
	served([drawn(), drawn()], async ({ sdk, upstream }) => {
		await sdk.images.generate({ model: "m", prompt: "a cat", quality: "hd", size: "auto" });
		await sdk.images.generate({ model: "m", prompt: "a cat", quality: "standard" });
		assert.equal(
			upstream.requests.map((request) => request.json()),
			[
				{ model: "m", prompt: "a cat", quality: "high" },
				{ model: "m", prompt: "a cat", quality: "medium" },
			],
		);
	}));

for (const [name, request, param] of [
	["no prompt", {}, "prompt"],
	["an odd size", { prompt: "a", size: "big" }, "size"],
	["too many images", { prompt: "a", n: 17 }, "n"],
	["an unknown quality", { prompt: "a", quality: "xhigh" }, "quality"],
	["a format that no backend has", { prompt: "a", output_format: "svg" }, "output_format"],
	["a transparent JPEG", { prompt: "a", background: "transparent", output_format: "jpeg" }, "background"],
	["a stream of URLs", { prompt: "a", stream: true, response_format: "url" }, "response_format"],
	["a member that no backend takes", { prompt: "a", output_compression: 50 }, "output_compression"],
] as const) {
	test(`a request with ${name} is refused by its member`, () =>
		served([], async ({ sdk }) => {
			const error = await apiError(() => sdk.post("/images/generations", { body: { model: "m", ...request } }));
			assert.equal([error.name, error.param], ["BadRequestError", param]);
		}));
}

test("an edit without an image, and a variation of two, are refused, and nothing stays in the store", () =>
	served([], async ({ url, mediaGone }) => {
		const form = new FormData();
		form.append("prompt", "a dog");
		const edit = await fetch(`${url}/v1/images/edits`, { method: "POST", body: form });
		assert.equal([edit.status, Object(await edit.json()).error.param], [400, "image"]);
		form.append("image[]", await photo());
		form.append("image[]", await photo());
		const variation = await fetch(`${url}/v1/images/variations`, { method: "POST", body: form });
		assert.equal([variation.status, Object(await variation.json()).error.param], [400, "image"]);
		await mediaGone();
	}));

test("a failure of the upstream leaves nothing of an upload in the store", () =>
	served([answer.status(500)], async ({ sdk, mediaGone }) => {
		const error = await apiError(async () => sdk.images.edit({ image: await photo(), prompt: "a dog" }));
		assert.is(error.name, "InternalServerError");
		await mediaGone();
	}));

test.run();
