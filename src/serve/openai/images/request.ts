import type * as img from "../../../../generated/ir/img.ts";
import type { CallOptions, MediaRef } from "../../../../generated/ir/types.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { callOptions } from "../call-options.ts";
import { invalid, unsupported } from "../errors.ts";
import { fieldNames } from "../field-names.ts";
import { Fields, type JsonRecord } from "../fields.ts";

/** Forms of an image in an answer. */
export type ImageForm = "b64_json" | "url";

/** A request for images, as the call that a guest would make. */
export interface ImagesCall {
	readonly payload: img.Request;
	readonly options: CallOptions | undefined;
	/** Form of the images of the answer. The default is `b64_json`: what the newest models of the API always send. */
	readonly form: ImageForm;
	/** True for an answer in events. */
	readonly stream: boolean;
}

/** Images that a form uploads, by their fields. */
export interface UploadedImages {
	readonly images: readonly MediaRef[];
	readonly mask: MediaRef | undefined;
}

/** Names the client's member for a path of the host. */
export const imagesFieldNames = fieldNames([
	["task.edit.images", "image"],
	["task.edit.mask", "mask"],
	["task.variation", "image"],
	["task", undefined],
	["format", "output_format"],
]);

/**
 * Words for quality. OpenAI's older models have `standard` and `hd`.
 *
 * @see https://platform.openai.com/docs/api-reference/images/create#images-create-quality
 */
const QUALITIES: ReadonlyMap<string, img.Quality> = new Map([
	["auto", "auto"],
	["low", "low"],
	["medium", "medium"],
	["standard", "medium"],
	["high", "high"],
	["hd", "high"],
]);

/**
 * Reads the body of `POST /v1/images/generations`.
 *
 * @see https://platform.openai.com/docs/api-reference/images/create
 * @throws RequestError that names the member at fault.
 */
export function generationCall(body: JsonRecord): ImagesCall {
	return imagesCall(body, { type: "generate" });
}

/**
 * Reads the fields of `POST /v1/images/edits`.
 *
 * @see https://platform.openai.com/docs/api-reference/images/createEdit
 * @throws RequestError that names the member at fault.
 */
export function editCall(fields: JsonRecord, { images, mask }: UploadedImages): ImagesCall {
	if (images.length === 0) throw invalid("image", "is required: upload at least one file");
	return imagesCall(fields, { type: "edit", edit: { images: [...images], ...(mask === undefined ? {} : { mask }) } });
}

/**
 * Reads the fields of `POST /v1/images/variations`.
 *
 * @see https://platform.openai.com/docs/api-reference/images/createVariation
 * @throws RequestError that names the member at fault.
 */
export function variationCall(fields: JsonRecord, { images, mask }: UploadedImages): ImagesCall {
	const [image, ...more] = images;
	if (image === undefined) throw invalid("image", "is required: upload one file");
	if (more.length > 0) throw invalid("image", "a variation has one image");
	if (mask !== undefined) throw unsupported("mask", "a variation has no mask; use an edit");
	return imagesCall(fields, { type: "variation", variation: image });
}

function imagesCall(body: JsonRecord, task: img.Task): ImagesCall {
	const fields = new Fields(body, "");
	const payload = {
		model: fields.text("model"),
		task,
		prompt: fields.text("prompt"),
		n: fields.number("n", { integer: true, min: 1, max: 16 }),
		size: sizeOf(fields.text("size")),
		quality: qualityOf(fields.text("quality")),
		style: fields.text("style"),
		background: fields.oneOf("background", ["auto", "transparent", "opaque"] as const),
		format: fields.oneOf("output_format", ["png", "jpeg", "webp"] as const),
		seed: fields.number("seed", { integer: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
	};
	const form = fields.oneOf("response_format", ["b64_json", "url"] as const) ?? "b64_json";
	const stream = fields.boolean("stream") ?? false;
	// The API may always send fewer partial images than this. Backends send none.
	fields.number("partial_images", { integer: true, min: 0, max: 3 });
	if (stream && form === "url") throw invalid("response_format", "events hold images as b64_json; leave it out, or leave out stream");
	return { payload: withoutAbsent(payload), options: callOptions(fields.fields("spear"), { extra: fields.rest() }), form, stream };
}

type Absentable<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Returns the payload without members that are undefined. */
function withoutAbsent({ model, task, prompt, n, size, quality, style, background, format, seed }: PayloadMembers): img.Request {
	return {
		task,
		...(model === undefined ? {} : { model }),
		...(prompt === undefined ? {} : { prompt }),
		...(n === undefined ? {} : { n }),
		...(size === undefined ? {} : { size }),
		...(quality === undefined ? {} : { quality }),
		...(style === undefined ? {} : { style }),
		...(background === undefined ? {} : { background }),
		...(format === undefined ? {} : { format }),
		...(seed === undefined ? {} : { seed }),
	};
}

type PayloadMembers = Absentable<Required<Omit<img.Request, "task">>> & Pick<img.Request, "task">;

function sizeOf(text: string | undefined): img.Size | undefined {
	if (text === undefined || text === "auto") return undefined;
	const [, width, height] = /^([1-9]\d{0,8})x([1-9]\d{0,8})$/.exec(text) ?? [];
	if (width === undefined || height === undefined)
		throw invalid("size", `must be auto or a size such as 1024x1024, not "${guestName(text)}"`);
	return { width: Number(width), height: Number(height) };
}

function qualityOf(text: string | undefined): img.Quality | undefined {
	if (text === undefined) return undefined;
	const quality = QUALITIES.get(text);
	if (quality === undefined) throw invalid("quality", `must be one of ${[...QUALITIES.keys()].join(", ")}, not "${guestName(text)}"`);
	return quality;
}
