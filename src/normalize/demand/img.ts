import type { Demand } from "../../../generated/ir/envelope.ts";
import type * as img from "../../../generated/ir/img.ts";
import { textTokens } from "./tokens.ts";

/** How many images, how large each, and the prompt that a model reads. */
export function imgDemand({ prompt, n = 1, size }: img.Request): Demand {
	return {
		...(prompt === undefined ? {} : { input_tokens: textTokens(prompt) }),
		images: n,
		...(size === undefined ? {} : { image_pixels: size.width * size.height }),
	};
}
