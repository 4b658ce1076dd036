import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { imageDowngrades } from "../../../kit/images/downgrades.ts";
import { decodedImage, type ImageBytes } from "../../../kit/images/image-bytes.ts";
import { type FoundImage, MAX_IMAGES, storeImages } from "../../../kit/images/store.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { fetchedImage } from "./fetched-image.ts";

/**
 * Stores the images of an answer, and returns the result. Reads every image before it stores the first, so that an answer without
 * any image stores nothing. The images were paid for: a difference from the request is declared, not refused.
 *
 * @throws SpearError the error of the first image if no image can be read or stored; the error that the upstream reports.
 */
export async function parseImages(answer: JsonAnswer, request: img.Request, context: BackendContext): Promise<img.Response> {
	// The answer is not logged: it consists of the images.
	const wrong = (what: string) => malformedError(answer.exchange, what);
	const value = openAiErrors.resultObject(answer, wrong);
	if (!Array.isArray(value.data) || value.data.length === 0) throw wrong("data holds no image");
	const { found, missing } = await readImages(value.data.slice(0, MAX_IMAGES), context, wrong);
	const { images, lost } = await storeImages(found, context);
	const model = textOf(value.model);
	const usage = usageOf(value.usage);
	const downgrades = imageDowngrades(request, { images, missing: [...missing, ...lost], answered: value.data.length });
	return {
		...(model === undefined ? {} : { model }),
		images,
		...(downgrades.length === 0 ? {} : { downgrades }),
		...(usage === undefined ? {} : { usage }),
	};
}

/** Opens the images of a list. An item without an image does not affect the others, unless it is the only one. */
async function readImages(data: readonly unknown[], context: BackendContext, wrong: (what: string) => SpearError) {
	const found: FoundImage[] = [];
	const missing: SpearError[] = [];
	for (const [index, item] of data.entries()) {
		try {
			if (!isObject(item)) throw wrong(`data[${index}] is not an object`);
			const bytes = await bytesOf(item, context, (what) => wrong(`data[${index}]${what}`));
			found.push({ bytes, revisedPrompt: textOf(item.revised_prompt) });
		} catch (thrown) {
			const error = SpearError.from(thrown);
			missing.push(error);
			if (!context.signal.aborted) continue;
			await Promise.all(found.map(({ bytes }) => bytes.discard()));
			throw error;
		}
	}
	const [first] = missing;
	if (found.length === 0 && first !== undefined) throw first;
	return { found, missing };
}

/** Returns the image of an item: from its base64, or from its URL. */
async function bytesOf(item: JsonObject, { media, signal }: BackendContext, wrong: (what: string) => Error): Promise<ImageBytes> {
	const base64 = textOf(item.b64_json);
	if (base64 !== undefined) return decodedImage(base64, (what) => wrong(`.b64_json ${what}`));
	const url = textOf(item.url);
	if (url !== undefined) return fetchedImage(url, media, signal, (what) => wrong(`.url ${what}`));
	throw wrong(" has neither b64_json nor url");
}
