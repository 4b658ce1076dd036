import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { ImageGenerationBackend } from "../../../../../generated/backends/image-generation.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { inParallel } from "../../../../async/in-parallel.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { imageDowngrades } from "../../../kit/images/downgrades.ts";
import { storeImages } from "../../../kit/images/store.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { methodPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { imageRequest } from "./request.ts";
import { type ImageAnswer, parseImage, sumOf } from "./response.ts";
import { IMAGE_RULES } from "./rules.ts";

export const IMAGE_CAPABILITIES = capabilitiesOf("image_generation", ["unary"], IMAGE_RULES);

/** Most requests of one call in flight. Bounds the load that one request puts on an upstream. */
const PARALLEL = 4;

/**
 * `image_generation` over `generateContent`, with a request for each image. A request that fails does not affect the others, unless all
 * fail: the images were paid for.
 *
 * @see https://ai.google.dev/gemini-api/docs/image-generation
 */
export function geminiImages(http: HttpClient, config: InstanceConfig, options: GeminiOptions): ImageGenerationBackend {
	return {
		async unary(envelope, context) {
			const { signal, apiKey: secret } = context;
			if (signal.aborted) throw abortError(signal);
			const model = upstreamModel(config, "image_generation", envelope.payload.model);
			const path = methodPath(options, model, "generateContent");
			const json = await imageRequest(envelope, context, options);
			const request: HttpRequest = { method: "POST", path, headers: contextHeaders(options, context), json, secret, signal };
			const asked = Array.from({ length: envelope.payload.n ?? 1 });
			const answers = await inParallel(asked, PARALLEL, signal, (_, either) => ask(http, { ...request, signal: either }, context));
			return responseOf(answers, envelope.payload, context);
		},
	};
}

/** Sends a request for an image. Returns the error of a failure, unless the call was aborted. */
async function ask(http: HttpClient, request: HttpRequest, { signal }: BackendContext): Promise<ImageAnswer | SpearError> {
	try {
		return parseImage(await http.requestJson(request));
	} catch (thrown) {
		if (signal.aborted) throw thrown;
		return SpearError.from(thrown);
	}
}

async function responseOf(
	answers: readonly (ImageAnswer | SpearError)[],
	request: img.Request,
	context: BackendContext,
): Promise<img.Response> {
	const found = answers.flatMap((answer) => (answer instanceof SpearError ? [] : [answer]));
	const missing = answers.flatMap((answer) => (answer instanceof SpearError ? [answer] : []));
	const [first] = missing;
	if (found.length === 0 && first !== undefined) throw first;
	const { images, lost } = await storeImages(found, context);
	const model = found[0]?.model;
	const usage = sumOf(found.map((answer) => answer.usage));
	return {
		...(model === undefined ? {} : { model }),
		images,
		downgrades: imageDowngrades(request, { images, missing: [...missing, ...lost], answered: answers.length }),
		...(usage === undefined ? {} : { usage }),
	};
}
