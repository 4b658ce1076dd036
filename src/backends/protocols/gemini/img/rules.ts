import type * as img from "../../../../../generated/ir/img.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

const { each, under } = ruleGroups("image_generation");

/**
 * Ratios of width to height that the API accepts.
 *
 * @see https://ai.google.dev/gemini-api/docs/image-generation
 */
const RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1"];

/** Largest difference between a ratio and that of a size, as a factor. Common sizes such as 1344x768 only approximate a ratio. */
const TOLERANCE = 1.02;

/** Returns the ratio of a size in the API's words; `undefined` for a ratio that the API does not know. */
export function aspectRatio({ width, height }: img.Size): string | undefined {
	return RATIOS.find((ratio) => {
		const [across = 1, up = 1] = ratio.split(":").map(Number);
		const difference = (width * up) / (height * across);
		return difference <= TOLERANCE && difference >= 1 / TOLERANCE;
	});
}

const NONE = reject("the upstream has no member for it; describe it in the prompt", { lenient: drop("the upstream has no member for it") });

/** Treatment of every field of a request for images. */
export const IMAGE_RULES: FieldRules<"image_generation"> = {
	...each(["model", "task", "task.generate", "task.edit", "task.edit.images", "task.edit.images.inline", "prompt"], pass),
	"task.edit.images.stored": map("the host reads the bytes"),
	"task.edit.images.url": map("the host fetches the bytes"),
	...under("task.edit.mask", reject("the upstream has no masks; describe the area in the prompt")),
	...under("task.variation", reject("the upstream needs a prompt; use an edit")),
	n: when("above 1", (n) => n > 1, emulate("one request for each image")),
	size: when(
		"of a ratio that the upstream does not know",
		(size) => aspectRatio(size) === undefined,
		reject(`the upstream accepts the ratios ${RATIOS.join(", ")}`, { lenient: drop("the upstream chooses the size") }),
		emulate("sent as the ratio, with 2K or 4K for a large one; the response states the size of each image"),
	),
	quality: when("other than auto", (quality) => quality !== "auto", NONE),
	style: NONE,
	background: NONE,
	format: reject("the upstream chooses the format", { lenient: drop("the upstream chooses the format") }),
	seed: when(
		"beyond 32 bits",
		(seed) => seed !== (seed | 0),
		reject("the upstream accepts only numbers of 32 bits", { lenient: drop("the seed exceeds 32 bits") }),
	),
};
