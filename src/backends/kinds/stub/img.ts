import type { ImageGenerationBackend } from "../../../../generated/backends/image-generation.ts";
import type * as img from "../../../../generated/ir/img.ts";
import { demandedFeatures } from "../../../../generated/ir/operations.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { offeredFeatures } from "../../offered-features.ts";
import { patternPng } from "./img-png.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { refuseUnsupported } from "./refuse-unsupported.ts";
import { IMAGE_RULES } from "./rules.ts";

/** Name of the stub's model. */
const MODEL = "stub-image";

const DEFAULT_SIZE: img.Size = { width: 256, height: 256 };

/** Largest width and height of an image, in pixels. Bounds the work for one image. */
const MAX_EDGE = 2048;

/** The stub draws a pattern, always the same for the same prompt and seed. */
export const IMAGE_CAPABILITIES: OperationCapabilities<"image_generation"> = {
	transports: ["unary"],
	models: [MODEL],
	features: offeredFeatures("image_generation", IMAGE_RULES),
	rules: IMAGE_RULES,
};

/**
 * `image_generation` without a model: PNG files with a pattern in two colours, which depends only on prompt, seed and position. The
 * pattern does not show the content of the prompt.
 */
export function stubImages(options: StubOptions, closing: AbortSignal): ImageGenerationBackend {
	return {
		async unary({ payload }, { media, signal }) {
			const either = AbortSignal.any([signal, closing]);
			if (either.aborted) throw abortError(either);
			refuseUnsupported(demandedFeatures.image_generation(payload), IMAGE_CAPABILITIES);
			refuseLarge(payload);
			const { prompt = "", n = 1, seed = 0, size = DEFAULT_SIZE } = payload;
			const images: img.Image[] = [];
			for (let place = 0; place < n; place++) {
				await pause(options.delayMs, either);
				const png = patternPng({ text: `${seed}/${place}/${prompt}`, ...size, software: MODEL });
				const { reference } = await media.store(once(png), "image/png", either);
				images.push({ media: reference, mime_type: "image/png", size });
			}
			return { model: MODEL, images };
		},
	};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

function refuseLarge(payload: img.Request): void {
	const edge = Math.max(payload.size?.width ?? 0, payload.size?.height ?? 0);
	if (edge > MAX_EDGE)
		throw new SpearError("invalid_request", `size: the stub's images are at most ${MAX_EDGE} pixels wide and high, not ${edge}`);
}
