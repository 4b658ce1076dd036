import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

/** Name of the model, for guests and in the files. Says that no model made the picture. */
export const MODEL = "procedural-painter";

const { each, under } = ruleGroups("image_generation");

const NO_IMAGES_READ = reject("the painter reads no images");
const OPAQUE = "the painter's pictures are opaque";
const PNG = "the painter writes PNG";

/** Treatment of every field of an image request. */
export const IMAGE_RULES: FieldRules<"image_generation"> = {
	...each(["model", "task", "task.generate", "n", "size", "seed"], pass),
	prompt: map("the painter draws the things, colours and times of day that it knows by name, and ignores all other words"),
	...under("task.edit", NO_IMAGES_READ),
	...under("task.variation", NO_IMAGES_READ),
	...each(["quality", "style"], drop("the painter has one manner")),
	background: when(
		"transparent",
		(background) => background === "transparent",
		reject(OPAQUE, { lenient: drop(OPAQUE) }),
		map("every picture is opaque"),
	),
	format: when("other than png", (format) => format !== "png", reject(PNG, { lenient: drop(PNG) })),
};
