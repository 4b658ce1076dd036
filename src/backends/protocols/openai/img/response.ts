import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { openAiReportedError, reportedError } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { decodedImage, fetchedImage, type ImageBytes } from "./bytes.ts";

/**
 * The result in an answer. Every image is looked at before the first is stored, so that an answer with a fault in it leaves
 * nothing behind.
 *
 * @throws SpearError `backend_error` naming the member that is malformed, or what the upstream reports in place of an answer.
 */
export async function parseImages(
	{ value, exchange }: JsonAnswer,
	{ n = 1, format }: img.Request,
	context: BackendContext,
): Promise<img.Response> {
	// The answer is not logged: it is the images.
	const wrong = (what: string) => malformedError(exchange, what);
	const reported = reportedError(value);
	if (reported !== undefined) throw openAiReportedError(exchange, reported);
	if (!isObject(value)) throw wrong("it is not an object");
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

/** The image itself, in the answer or behind a URL in it. */
async function bytesOf(item: JsonObject, { media, signal }: BackendContext, wrong: (what: string) => Error): Promise<ImageBytes> {
	const base64 = textOf(item.b64_json);
	if (base64 !== undefined) return decodedImage(base64, (what) => wrong(`.b64_json ${what}`));
	const url = textOf(item.url);
	if (url !== undefined) return fetchedImage(url, media, signal, (what) => wrong(`.url ${what}`));
	throw wrong(" has neither b64_json nor url");
}
