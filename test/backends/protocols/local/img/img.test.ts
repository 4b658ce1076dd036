/** Images of the kind `local`: the painter in its thread. */
import { inflateSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as img from "../../../../../generated/ir/img.ts";
import { sceneOf } from "../../../../../src/backends/protocols/local/img/scene.ts";
import { imageHeader } from "../../../../../src/formats/image-header.ts";
import { type MemoryMedia, memoryMedia } from "../../../../helpers/memory-media.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { localInstance, NO_FILES, served } from "../models.ts";

const shared = localInstance(NO_FILES);
const images = served(shared.operations.image_generation);

test.after(() => shared.close());

const payloadOf = (prompt: string, more: Partial<img.Request> = {}): img.Request => ({
	task: { type: "generate" },
	prompt,
	size: { width: 96, height: 64 },
	...more,
});

async function create(prompt: string, more: Partial<img.Request> = {}): Promise<{ answer: img.Response; files: Buffer[] }> {
	const media: MemoryMedia = memoryMedia();
	const answer = await images.unary(envelopeOf("image_generation", payloadOf(prompt, more)), contextOf({ media }));
	return { answer, files: [...media.stored.values()].map(({ bytes }) => Buffer.from(bytes)) };
}

/** Returns the colour of a point of a picture that is 96 pixels wide. */
function pixel(file: Buffer, x: number, y: number): number[] {
	const at = file.indexOf("IDAT", 0, "latin1");
	const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
	const row = rows.subarray(y * (1 + 96 * 3) + 1, (y + 1) * (1 + 96 * 3));
	const color = [0, 0, 0];
	for (let column = 0; column <= x; column++)
		for (const index of color.keys()) color[index] = ((color[index] ?? 0) + (row[3 * column + index] ?? 0)) & 0xff;
	return color;
}

test("a picture is a PNG file of the requested size, and names its maker", async () => {
	const { answer, files } = await create("a red kite over green hills");
	const [file = Buffer.alloc(0)] = files;
	assert.equal(imageHeader(file), { mimeType: "image/png", width: 96, height: 64 });
	assert.ok(file.includes("Software\0procedural-painter"));
	assert.is(answer.model, "procedural-painter");
	assert.equal(answer.images, [
		{
			media: { type: "stored", stored: "sms+file://m1" },
			mime_type: "image/png",
			size: { width: 96, height: 64 },
			revised_prompt: "painted by a program, not by a model: red, kite, green, hill",
		},
	]);
});

test("equal requests have equal pictures, other prompts, seeds and places others", async () => {
	const [first] = (await create("sun", { seed: 1 })).files;
	assert.equal((await create("sun", { seed: 1 })).files, [first]);
	assert.not.equal((await create("sun", { seed: 2 })).files, [first]);
	assert.not.equal((await create("moon", { seed: 1 })).files, [first]);
	const { files } = await create("sun", { seed: 1, n: 3 });
	assert.equal(files[0], first);
	assert.is(new Set(files.map((file) => file.toString("latin1"))).size, 3);
});

test("the light, the things and their colours are those of the prompt", async () => {
	const [day = Buffer.alloc(0)] = (await create("green hills")).files;
	const [night = Buffer.alloc(0)] = (await create("green hills at night")).files;
	const [red = 0, green = 0, blue = 0] = pixel(day, 48, 60);
	assert.ok(green > red && green > blue, "green hills");
	const brightness = (file: Buffer): number => Math.max(...pixel(file, 2, 2));
	assert.ok(brightness(day) > 150 && brightness(night) < 100, "sky of day and night");
	const [sea = Buffer.alloc(0)] = (await create("the sea")).files;
	const [seaRed = 0, , seaBlue = 0] = pixel(sea, 48, 60);
	assert.ok(seaBlue > seaRed + 40, "blue sea");
});

test("a colour belongs to the next thing within two words", () => {
	const colorsOf = (prompt: string): unknown => Object.fromEntries(sceneOf(prompt).things);
	assert.equal(colorsOf("a red kite and a tree"), { kite: [214, 48, 49], trees: undefined });
	assert.equal(colorsOf("blue big houses"), { house: [52, 108, 196] });
	assert.equal(colorsOf("blue and one more thing: a house"), { house: undefined });
});

test("a prompt without a known word is a play of colours, and the answer says so", async () => {
	const { answer } = await create("quarterly revenue");
	const text = "painted by a program, not by a model: a play of colours, because no word of the prompt is known";
	assert.is(answer.images[0]?.revised_prompt, text);
});

test("requests that the painter cannot serve are refused with the reason", async () => {
	const refused = async (more: Partial<img.Request>): Promise<string> => {
		const { code, message } = await failure(create("sun", more));
		return `${code}: ${message}`;
	};
	const source = { type: "stored", stored: "sms+file://m1" } as const;
	const task = "missing_capabilities: task: the painter reads no images, so it cannot edit or vary them";
	assert.is(await refused({ task: { type: "variation", variation: source } }), task);
	assert.is(await refused({ task: { type: "edit", edit: { images: [source] } } }), task);
	assert.is(await refused({ background: "transparent" }), "missing_capabilities: background: the painter's pictures are opaque");
	assert.is(await refused({ format: "jpeg" }), "missing_capabilities: format: the painter writes png, not jpeg");
	assert.is(await refused({ size: { width: 2048, height: 64 } }), "invalid_request: size: an edge has 16 to 1024 pixels here, not 2048");
	assert.match(await refused({ prompt: "x".repeat(4001) }), "invalid_request: prompt: it has 4001 characters");
});

test("an abort ends a call at once", async () => {
	const abort = new AbortController();
	const size = { width: 1024, height: 1024 };
	const context = contextOf({ media: memoryMedia(), signal: abort.signal });
	const aborted = failure(images.unary(envelopeOf("image_generation", payloadOf("sun and trees", { size, n: 16 })), context));
	setTimeout(() => abort.abort(), 20);
	assert.is((await aborted).code, "cancelled");
	assert.is((await create("sun")).files.length, 1);
});

test.run();
