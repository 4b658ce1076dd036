import type { ImageGenerationBackend } from "../../../../generated/backends/image-generation.ts";
import type * as img from "../../../../generated/ir/img.ts";
import { demandedFeatures, type Feature } from "../../../../generated/ir/operations.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { patternPng } from "./img-png.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";

/** What the stub calls itself, so that nobody takes it for a model. */
const MODEL = "stub-image";

const DEFAULT_SIZE: img.Size = { width: 256, height: 256 };

/** Pixels an image may have each way. */
const MAX_EDGE = 2048;

/** What the stub truly does: the same pattern for the same prompt and seed. */
export const IMAGE_CAPABILITIES: OperationCapabilities = {
	transports: ["unary"],
	models: [MODEL],
	features: ["supports_seed"],
	downgrades: ["quality and style have no effect on a pattern"],
};

/**
 * `image_generation` without a model: real PNG files with a pattern in two colours, a function of prompt, seed and place alone.
 * Nothing in them shows what the prompt says.
 */
export function stubImages(options: StubOptions, closing: AbortSignal): ImageGenerationBackend {
	return {
		async unary({ payload }, { media, signal }) {
			const either = AbortSignal.any([signal, closing]);
			if (either.aborted) throw abortError(either);
			refuseUnsupported(payload);
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

function refuseUnsupported(payload: img.Request): void {
	const offered = new Set<Feature>(IMAGE_CAPABILITIES.features);
	const missing = [...demandedFeatures.image_generation(payload)].filter((feature) => !offered.has(feature));
	if (missing.length > 0) throw new SpearError("missing_capabilities", `the stub does not offer ${missing.join(", ")}`);
	const edge = Math.max(payload.size?.width ?? 0, payload.size?.height ?? 0);
	if (edge > MAX_EDGE)
		throw new SpearError("invalid_request", `size: the stub's images have at most ${MAX_EDGE} pixels each way, not ${edge}`);
}
