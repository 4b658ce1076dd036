import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { familiesComponent } from "../helpers/families-guest.ts";
import { type FamilyHost, familyFaults, startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask, bytes } from "../helpers/family-guest.ts";
import { png, webpHead } from "../helpers/images.ts";
import { answer, type Behaviour, type ReceivedRequest } from "../helpers/openai-server.ts";
import { CANARY, describe } from "../helpers/probe-host.ts";

/** Images of a guest, through all four layers to a server on a real socket and back. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("images over HTTP");

test.before(async (context) => {
	context.familyHost = await startFamilyHost(await familiesComponent(), { options: { image_seed: true } });
	context.instance = await context.familyHost.instance();
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

const base64 = (data: Uint8Array) => Buffer.from(data).toString("base64");
const FILE = png(40, 30);

/** Returns a response of the upstream. */
function images(data: readonly unknown[], more: object = {}): Behaviour {
	return answer.json({ created: 1713833628, data, ...more });
}

/** Returns a response for the guest without its references, which are random. */
function withoutReferences(outcome: unknown): unknown {
	return JSON.parse(JSON.stringify(outcome), (key, value) => (key === "media" && value?.tag === "stored" ? "stored" : value));
}

const image = (width: number, height: number, more: object = {}) => ({
	media: "stored",
	mimeType: "image/png",
	size: { width, height },
	revisedPrompt: null,
	...more,
});
const MADE = { model: null, images: [image(40, 30)], usage: null, downgrades: null };

/** Returns the body of a form, with its boundary replaced by `BOUNDARY`. */
function form(request: ReceivedRequest | undefined): string {
	const [, boundary] = /^multipart\/form-data; boundary=(.*)$/.exec(request?.headers["content-type"] ?? "") ?? [];
	if (request === undefined || boundary === undefined) throw new Error("the request is no form");
	return request.bytes.toString("latin1").replaceAll(boundary, "BOUNDARY");
}

const latin1 = (data: Uint8Array) => Buffer.from(data).toString("latin1");
const field = (name: string, value: string) => `--BOUNDARY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, filename: string, type: string, data: Uint8Array) =>
	`--BOUNDARY\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n${latin1(data)}\r\n`;
const END = "--BOUNDARY--\r\n";

test("a generation sends the prompt, and the guest reads the image from the store", async ({ familyHost: { server }, instance }) => {
	server.script(
		images([{ b64_json: base64(FILE), revised_prompt: "a tabby" }, { b64_json: base64(png(8, 9)) }], {
			usage: { total_tokens: 7, input_tokens: 3, output_tokens: 4, input_tokens_details: { text_tokens: 3, image_tokens: 0 } },
		}),
	);
	const request = { n: 2, size: { width: 40, height: 30 }, quality: "low", style: "vivid", background: "opaque", format: "png", seed: 7 };
	const [outcome] = await ask(instance, { do: "create", request, options: via("upstream"), look: true });
	assert.equal(withoutReferences(outcome), {
		ok: {
			model: null,
			images: [image(40, 30, { revisedPrompt: "a tabby" }), image(8, 9)],
			downgrades: [{ field: "size", effect: "changed", detail: "image 2 has 8x9 pixels instead of 40x30" }],
			usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7, cachedInputTokens: null, reasoningTokens: null, cacheWriteTokens: null },
			bytes: [[...FILE], [...png(8, 9)]],
		},
	});
	const received = server.requests.at(-1);
	assert.is(received?.method, "POST");
	assert.is(received?.path, "/v1/images/generations");
	assert.is(received?.headers.authorization, `Bearer ${CANARY}`);
	assert.is(
		received?.body,
		'{"model":"m1","prompt":"a cat","n":2,"size":"40x30","quality":"low","style":"vivid","background":"opaque","output_format":"png","seed":7}',
	);
});

test("an edit sends the inline images of the guest as a form", async ({ familyHost: { server }, instance }) => {
	server.script(images([{ b64_json: base64(FILE) }]));
	const inline = (data: Uint8Array, mimeType: string) => ({ tag: "inline", val: { data: bytes(data), mimeType } });
	const photo = webpHead("VP8X", 40, 30);
	const val = { images: [inline(FILE, "image/png"), inline(photo, "image/webp")], mask: inline(png(40, 30), "image/png") };
	const [outcome] = await ask(instance, { do: "create", request: { model: "m2", task: { tag: "edit", val } }, options: via("upstream") });
	assert.equal(withoutReferences(outcome), { ok: MADE });
	const received = server.requests.at(-1);
	assert.is(received?.path, "/v1/images/edits");
	assert.is(
		form(received),
		[
			field("model", "m2"),
			field("prompt", "a cat"),
			file("image[]", "image.png", "image/png", FILE),
			file("image[]", "image.webp", "image/webp", photo),
			file("mask", "mask.png", "image/png", png(40, 30)),
			END,
		].join(""),
	);
	assert.is(received?.headers["content-length"], String(received?.bytes.length));
});

test("an edit sends the stored images of the guest", async ({ familyHost: { server }, instance }) => {
	server.script(images([{ b64_json: base64(FILE) }]));
	const [outcome] = await ask(instance, { do: "edit", data: bytes(FILE), mimeType: "image/png", options: via("upstream") });
	assert.equal(withoutReferences(outcome), { ok: MADE });
	assert.is(
		form(server.requests.at(-1)),
		[field("model", "m1"), field("prompt", "a cat"), file("image", "image.png", "image/png", FILE), END].join(""),
	);
});

test("a variation sends the image without a prompt", async ({ familyHost: { server }, instance }) => {
	server.script(images([{ b64_json: base64(FILE) }]));
	const task = { tag: "variation", val: { tag: "inline", val: { data: bytes(FILE), mimeType: "image/png" } } };
	const [outcome] = await ask(instance, { do: "create", request: { task, prompt: null, n: 1 }, options: via("upstream") });
	assert.equal(withoutReferences(outcome), { ok: MADE });
	const received = server.requests.at(-1);
	assert.is(received?.path, "/v1/images/variations");
	assert.is(form(received), [field("model", "m1"), field("n", "1"), file("image", "image.png", "image/png", FILE), END].join(""));
});

test("an invalid image request is refused without a request to the upstream", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	const outcomes = await ask(
		instance,
		{ do: "create", request: { prompt: null } },
		{ do: "create", request: { task: { tag: "variation", val: { tag: "stored", val: "sms+file://00" } } } },
		{ do: "create", request: { n: 17 } },
		{ do: "create", request: { task: { tag: "variation", val: { tag: "url", val: "http://127.0.0.1:1/x.png" } }, prompt: null } },
	);
	const codes = outcomes.map((outcome) => /"code":"([a-z-]+)"/.exec(describe(outcome.err))?.[1]);
	assert.equal(codes, ["invalid-request", "invalid-request", "invalid-request", "not-permitted"]);
	assert.is(server.requests.length, count);
});

test("a response whose image is at a URL that the host does not allow fails", async ({ familyHost: { server }, instance }) => {
	server.script(images([{ url: "http://169.254.169.254/latest.png" }]));
	const [outcome] = await ask(instance, { do: "create", options: via("upstream") });
	assert.match(describe(outcome?.err), '"code":"backend-error","message":"the backend answered with a URL that the host may not fetch');
	assert.not.match(describe(outcome?.err), "169.254");
});

test("an image of one agent is not available to another", async ({ familyHost, instance }) => {
	familyHost.server.script(images([{ b64_json: base64(FILE) }]));
	const [made] = await ask(instance, { do: "create", options: via("upstream") });
	const reference = Object(made?.ok).images[0].media;
	assert.is(reference.tag, "stored");
	const [own] = await ask(instance, { do: "stat", reference });
	const { mimeType, size } = Object(own?.ok);
	assert.equal({ mimeType, size }, { mimeType: "image/png", size: FILE.length });
	const other = await familyHost.host.load(await familiesComponent());
	const elsewhere = await other.instantiate();
	const [foreign] = await ask(elsewhere, { do: "stat", reference });
	assert.is(foreign?.ok, undefined);
	await elsewhere.close();
});

test.run();

familyFaults({
	operation: "image_generation",
	component: familiesComponent,
	command: (options) => ({ do: "create", options }),
	good: () => [images([{ b64_json: base64(FILE) }])],
	check: (outcome) => assert.equal(withoutReferences(outcome), { ok: MADE }),
	stores: true,
}).run();

/** The fault table for a request with an inline image, which is removed from the store when the request ends. */
const source = { tag: "inline", val: { data: bytes(FILE), mimeType: "image/png" } };
familyFaults({
	operation: "image_generation",
	component: familiesComponent,
	command: (options) => ({ do: "create", request: { task: { tag: "edit", val: { images: [source] } } }, options }),
	good: () => [images([{ b64_json: base64(FILE) }])],
	check: (outcome) => assert.equal(withoutReferences(outcome), { ok: MADE }),
	stores: true,
}).run();
