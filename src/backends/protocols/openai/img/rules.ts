import type * as img from "../../../../../generated/ir/img.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { OpenAiOptions } from "../options.ts";

const { each } = ruleGroups("image_generation");

const NO_SEED = "the API has no member for it; the option image_seed enables that of a server";

const noMember = (what: string) =>
	reject(`the API has no member for it ${what}`, { lenient: drop(`the API has no member for it ${what}`) });
const isVariation = (_: unknown, { task }: img.Request): boolean => task.type === "variation";
const isChange = (_: unknown, { task }: img.Request): boolean => task.type !== "generate";

/** Returns the treatment of every field of a request for images by an instance. */
export function imageRules({ images }: Pick<OpenAiOptions, "images">): FieldRules<"image_generation"> {
	return {
		...each(["model", "task", "task.generate", "task.edit", "task.edit.images", "task.edit.mask", "task.variation"], pass),
		...each(
			[
				"task.edit.images.inline",
				"task.edit.images.stored",
				"task.edit.images.url",
				"task.edit.mask.inline",
				"task.edit.mask.stored",
				"task.edit.mask.url",
				"task.variation.inline",
				"task.variation.stored",
				"task.variation.url",
			],
			map("uploaded as a file of a form"),
		),
		...each(["prompt", "n"], pass),
		size: map("sent as a text such as 1024x1024"),
		quality: when(
			"of a variation",
			isVariation,
			noMember("in a request for a variation"),
			map("sent in the words of the option image_quality"),
		),
		style: when("of an edit or a variation", isChange, noMember("for an edit or a variation")),
		background: when("of a variation", isVariation, noMember("in a request for a variation")),
		format: when("of a variation", isVariation, noMember("in a request for a variation"), map("sent as output_format")),
		seed: images.seed ? pass : reject(NO_SEED, { lenient: drop("the API has no seed") }),
	};
}
