import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as img from "../../../../../generated/ir/img.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { noProviderOptions } from "../no-provider-options.ts";
import type { PaintTask } from "./paint.ts";

const DEFAULT_SIZE: img.Size = { width: 768, height: 512 };

/** Smallest and largest edge of a picture, in pixels. The largest bounds the work for one picture to a second or two. */
const EDGES = { min: 16, max: 1024 };

/** Longest prompt, in UTF-16 units. */
const MAX_PROMPT = 4000;

/**
 * Returns a task for each picture that an envelope asks for.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function paintTasks({ payload, provider_options }: RequestEnvelope<"image_generation">): PaintTask[] {
	const {
		model: _,
		task,
		prompt = "",
		n = 1,
		size = DEFAULT_SIZE,
		quality: __,
		style: ___,
		background,
		format,
		seed = 0,
		...rest
	} = payload;
	assertNoFieldsLeft(rest);
	noProviderOptions(provider_options);
	const missing = (message: string): SpearError => new SpearError("missing_capabilities", message);
	if (task.type !== "generate") throw missing("task: the painter reads no images, so it cannot edit or vary them");
	if (background === "transparent") throw missing("background: the painter's pictures are opaque");
	if (format !== undefined && format !== "png") throw missing(`format: the painter writes png, not ${format}`);
	if (prompt.length > MAX_PROMPT)
		throw new SpearError("invalid_request", `prompt: it has ${prompt.length} characters, and the painter reads at most ${MAX_PROMPT}`);
	for (const edge of [size.width, size.height])
		if (edge < EDGES.min || edge > EDGES.max)
			throw new SpearError("invalid_request", `size: an edge has ${EDGES.min} to ${EDGES.max} pixels here, not ${edge}`);
	return Array.from({ length: n }, (____, place) => ({ prompt, seed: seed + place, width: size.width, height: size.height }));
}
