import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { resultObject } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { decodedImage, fetchedImage, type ImageBytes } from "./bytes.ts";

/**
 * Stores the images of an answer, and returns the result. Checks every image before it stores the first, so that a malformed answer
 * stores nothing.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export async function parseImages(answer: JsonAnswer, { n = 1, format }: img.Request, context: BackendContext): Promise<img.Response> {
	// The answer is not logged: it consists of the images.
	const wrong = (what: string) => malformedError(answer.exchange, what);
	const value = resultObject(answer, wrong);
	if (!Array.isArray(value.data) || value.data.length === 0) throw wrong("data holds no image");
	if (value.data.length > n) throw wrong(`data holds ${value.data.length} images instead of ${n}`);
	const found: { readonly item: JsonObject; readonly bytes: ImageBytes }[] = [];
	const images: img.Image[] = [];
	try {
		for (const [index, item] of value.data.entries()) {
			if (!isObject(item)) throw wrong(`data[${index}] is not an object`);
			const bytes = await bytesOf(item, context, (what) => wrong(`data[${index}]${what}`));
			found.push({ item, bytes });
			const { mimeType } = bytes.header;
			if (format !== undefined && mimeType !== `image/${format}`) throw wrong(`data[${index}] is ${mimeType} instead of image/${format}`);
		}
		for (const { item, bytes } of found) {
			const { mimeType: mime_type, width, height } = bytes.header;
			const { reference } = await context.media.store(bytes.content(), mime_type, context.signal);
			const revised_prompt = textOf(item.revised_prompt);
			images.push({ media: reference, mime_type, size: { width, height }, ...(revised_prompt === undefined ? {} : { revised_prompt }) });
		}
	} finally {
		await Promise.all(found.map(({ bytes }) => bytes.discard()));
	}
	const model = textOf(value.model);
	const usage = usageOf(value.usage);
	return { ...(model === undefined ? {} : { model }), images, ...(usage === undefined ? {} : { usage }) };
}

/** Returns the image of an item: from its base64, or from its URL. */
async function bytesOf(item: JsonObject, { media, signal }: BackendContext, wrong: (what: string) => Error): Promise<ImageBytes> {
	const base64 = textOf(item.b64_json);
	if (base64 !== undefined) return decodedImage(base64, (what) => wrong(`.b64_json ${what}`));
	const url = textOf(item.url);
	if (url !== undefined) return fetchedImage(url, media, signal, (what) => wrong(`.url ${what}`));
	throw wrong(" has neither b64_json nor url");
}
