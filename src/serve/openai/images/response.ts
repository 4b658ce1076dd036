import type * as img from "../../../../generated/ir/img.ts";
import { spearMember } from "../spear-member.ts";
import { tokenUsage } from "../token-usage.ts";
import { base64Of } from "./base64.ts";

/** An image of an answer: its URL, or its bytes. */
export type GivenImage = { readonly url: string } | { readonly content: AsyncIterable<Uint8Array> };

/**
 * Yields the body of an answer in pieces of JSON. Holds no more than a piece of an image.
 *
 * @param created Time of the answer, in seconds since 1970.
 * @param given Returns an image. Called for one image after the other.
 */
export async function* imagesBody(
	{ images, usage, ...rest }: img.Response,
	created: number,
	given: (image: img.Image) => GivenImage,
): AsyncGenerator<string, void, void> {
	yield `{"created":${created},"data":[`;
	for (const [index, image] of images.entries()) {
		const source = given(image);
		const { revised_prompt } = image;
		const rest = revised_prompt === undefined ? "}" : `,"revised_prompt":${JSON.stringify(revised_prompt)}}`;
		const comma = index === 0 ? "" : ",";
		if ("url" in source) {
			yield `${comma}{"url":${JSON.stringify(source.url)}${rest}`;
			continue;
		}
		yield `${comma}{"b64_json":"`;
		yield* base64Of(source.content);
		yield `"${rest}`;
	}
	const [first] = images;
	const facts = {
		output_format: first === undefined ? undefined : formatOf(first.mime_type),
		size: first?.size === undefined ? undefined : sizeText(first.size),
		usage: tokenUsage(usage),
		...spearMember(rest),
	};
	const members = JSON.stringify(facts);
	yield members === "{}" ? "]}" : `],${members.slice(1)}`;
}

/** Returns the event that ends the answer of one image in a stream. */
export function completedEvent(
	{ task, background = "auto", quality = "auto" }: img.Request,
	{ usage, ...rest }: Pick<img.Response, "usage" | "downgrades">,
	{ mime_type, size }: img.Image,
	base64: string,
	created: number,
): Readonly<Record<string, unknown>> & { readonly type: string } {
	const tokens = tokenUsage(usage);
	return {
		type: task.type === "edit" ? "image_edit.completed" : "image_generation.completed",
		b64_json: base64,
		background,
		created_at: created,
		output_format: formatOf(mime_type) ?? mime_type,
		quality,
		size: size === undefined ? "auto" : sizeText(size),
		...(tokens === undefined ? {} : { usage: tokens }),
		...spearMember(rest),
	};
}

function formatOf(mimeType: string): img.ImageFormat | undefined {
	const subtype = mimeType.replace(/^image\//, "");
	return subtype === "png" || subtype === "jpeg" || subtype === "webp" ? subtype : undefined;
}

function sizeText({ width, height }: img.Size): string {
	return `${width}x${height}`;
}
