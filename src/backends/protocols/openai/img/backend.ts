import type { ImageGenerationBackend } from "../../../../../generated/backends/image-generation.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { keepUsage } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { imagesRequest } from "./request.ts";
import { parseImages } from "./response.ts";
import { imageRules } from "./rules.ts";

/** Returns the capabilities of an instance. An operator lists the features of one model with `features`. */
export function imageCapabilities(options: Pick<OpenAiOptions, "images">): OperationCapabilities<"image_generation"> {
	return capabilitiesOf("image_generation", ["unary"], imageRules(options));
}

/**
 * `image_generation` over `POST /images/generations`, `/images/edits` and `/images/variations`.
 *
 * @see https://platform.openai.com/docs/api-reference/images
 */
export function openAiImages(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): ImageGenerationBackend {
	return {
		async unary(envelope, context) {
			const { signal, apiKey: secret } = context;
			if (signal.aborted) throw abortError(signal);
			const { path, body } = await imagesRequest(envelope, context, config, options);
			const answer = await http.requestJson({ method: "POST", path, headers: contextHeaders(options, context), ...body, secret, signal });
			return keepUsage(answer.value, () => parseImages(answer, envelope.payload, context));
		},
	};
}
