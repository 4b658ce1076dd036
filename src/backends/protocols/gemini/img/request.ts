import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import type { InlineDataPart, TextPart } from "../cchat/api.ts";
import type { GeminiOptions } from "../options.ts";
import { providerMembers } from "../provider-members.ts";
import { aspectRatio } from "./rules.ts";

/** A request for one image. */
export interface ImageRequest {
	readonly contents: readonly { readonly role: "user"; readonly parts: readonly (InlineDataPart | TextPart)[] }[];
	readonly generationConfig: {
		readonly responseModalities: readonly ["TEXT", "IMAGE"];
		readonly imageConfig?: { readonly aspectRatio: string; readonly imageSize?: "2K" | "4K" };
		readonly seed?: number;
	};
}

/** Most bytes of the images to edit. The host holds them in memory, and a third more as base64. */
const MAX_INLINE_BYTES = 50 * 1024 * 1024;

/** Number of pixels from which a size is sent, by the API's words. The default is one mebipixel. */
const SIZES = [
	["4K", 6 * 1024 * 1024],
	["2K", 1.5 * 1024 * 1024],
] as const;

/**
 * Returns the upstream's request for one image of an envelope.
 *
 * @see https://ai.google.dev/gemini-api/docs/image-generation
 * @throws SpearError `invalid_request` or `missing_capabilities`; the error of media that cannot be opened.
 */
export async function imageRequest(
	envelope: RequestEnvelope<"image_generation">,
	context: BackendContext,
	options: GeminiOptions,
): Promise<ImageRequest & Readonly<Record<string, unknown>>> {
	const { model: _, task, prompt, n: __, size, quality = "auto", style, background, format, seed, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	if (quality !== "auto") throw missing("quality");
	if (style !== undefined) throw missing("style");
	if (background !== undefined) throw missing("background");
	if (format !== undefined) throw missing("format");
	if (seed !== undefined && seed !== (seed | 0)) throw missing("seed", "this backend accepts only numbers of 32 bits");
	const { request, generation } = providerMembers(envelope.provider_options, options);
	return {
		contents: [{ role: "user", parts: [...(await images(task, context)), ...(prompt === undefined ? [] : [{ text: prompt }])] }],
		generationConfig: {
			responseModalities: ["TEXT", "IMAGE"],
			...(size === undefined ? {} : { imageConfig: imageConfig(size) }),
			...(seed === undefined ? {} : { seed }),
			...generation,
		},
		...request,
	};
}

function imageConfig(size: img.Size): NonNullable<ImageRequest["generationConfig"]["imageConfig"]> {
	const ratio = aspectRatio(size);
	if (ratio === undefined) throw missing("size", `this backend makes no images with the ratio of ${size.width} to ${size.height}`);
	const imageSize = SIZES.find(([, pixels]) => size.width * size.height >= pixels)?.[0];
	return { aspectRatio: ratio, ...(imageSize === undefined ? {} : { imageSize }) };
}

async function images(task: img.Task, context: BackendContext): Promise<InlineDataPart[]> {
	if (task.type === "generate") return [];
	if (task.type === "variation") throw missing("task.variation", "this backend needs a prompt; use an edit");
	if (task.edit.mask !== undefined) throw missing("task.edit.mask", "this backend has no masks; describe the area in the prompt");
	const parts: InlineDataPart[] = [];
	let room = MAX_INLINE_BYTES;
	for (const [index, image] of task.edit.images.entries()) {
		const { mimeType, bytes } = await read(image, `task.edit.images[${index}]`, room, context);
		room -= bytes.byteLength;
		parts.push({ inlineData: { mimeType, data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") } });
	}
	return parts;
}

async function read(image: types.MediaRef, path: string, room: number, { media, signal }: BackendContext) {
	const content = await media.open(image, signal);
	const [mimeType] = /^image\/[a-z0-9.+-]+/i.exec(content.mimeType) ?? [];
	if (mimeType === undefined) throw new SpearError("invalid_request", `${path}: it is ${guestName(content.mimeType)}, not an image`);
	return { mimeType: mimeType.toLowerCase(), bytes: await content.bytes(room) };
}

function missing(member: string, message = "this backend has no member for it"): SpearError {
	return new SpearError("missing_capabilities", `${member}: ${message}`);
}
