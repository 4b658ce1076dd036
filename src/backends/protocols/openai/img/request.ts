import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { MultipartPart } from "../../../../transport/http/multipart.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OpenAiOptions } from "../options.ts";
import { imageFile } from "./file.ts";

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a result. */
const RESERVED = new Set([
	"model",
	"prompt",
	"n",
	"size",
	"quality",
	"style",
	"background",
	"output_format",
	"response_format",
	"seed",
	"image",
	"image[]",
	"mask",
	"stream",
	"partial_images",
]);

/** Upstream request for an envelope. */
export interface ImagesRequest {
	readonly path: string;
	readonly body: Pick<HttpRequest, "json" | "multipart">;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the upstream's request: JSON to generate images, a form with files to edit or vary images.
 *
 * @see https://platform.openai.com/docs/api-reference/images
 * @throws SpearError `invalid_request` or `missing_capabilities`; the error of media that cannot be opened.
 */
export async function imagesRequest(
	envelope: RequestEnvelope<"image_generation">,
	context: BackendContext,
	config: InstanceConfig,
	options: OpenAiOptions,
): Promise<ImagesRequest> {
	const { task } = envelope.payload;
	const fields = imageFields(envelope, config, options);
	switch (task.type) {
		case "generate":
			return { path: "/images/generations", body: { json: fields } };
		case "edit": {
			const { images, mask, ...rest } = task.edit;
			assertNoFieldsLeft(rest);
			// Servers that accept only one image expect this name.
			const name = images.length === 1 ? "image" : "image[]";
			const files = await Promise.all([
				...images.map((image, index) => imageFile(image, name, `task.edit.images[${index}]`, context)),
				...(mask === undefined ? [] : [imageFile(mask, "mask", "task.edit.mask", context)]),
			]);
			return { path: "/images/edits", body: { multipart: [...formFields(fields), ...files] } };
		}
		case "variation": {
			const file = await imageFile(task.variation, "image", "task.variation", context);
			return { path: "/images/variations", body: { multipart: [...formFields(fields), file] } };
		}
	}
}

/** Returns the members of the payload except the task. Refuses unsupported ones by name. */
function imageFields(envelope: RequestEnvelope<"image_generation">, config: InstanceConfig, options: OpenAiOptions): Fields {
	const { model, task, prompt, n, size, quality, style, background, format, seed, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { images } = options;
	if (seed !== undefined && !images.seed)
		throw new SpearError("missing_capabilities", "seed: this backend has no member for it; its operator can enable it with image_seed");
	if (task.type === "edit") refuse({ style }, task);
	if (task.type === "variation") refuse({ quality, style, background, format }, task);
	const fields = {
		model: upstreamModel(config, "image_generation", model),
		prompt,
		n,
		size: size === undefined ? undefined : `${size.width}x${size.height}`,
		quality: quality === undefined ? undefined : images.quality[quality],
		style,
		background,
		output_format: format,
		response_format: images.responseFormat,
		seed,
		...allowedProviderOptions(envelope.provider_options, options, RESERVED),
	};
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function refuse(members: Fields, { type }: img.Task): void {
	for (const [name, value] of Object.entries(members)) {
		if (value !== undefined)
			throw new SpearError("missing_capabilities", `${name}: this backend has no member for it in a request to ${type}`);
	}
}

/** Returns members as form fields: strings unchanged, other values as JSON. */
function formFields(fields: Fields): MultipartPart[] {
	return Object.entries(fields).map(([name, value]) => ({ name, value: typeof value === "string" ? value : JSON.stringify(value) }));
}
