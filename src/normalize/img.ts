import type { RequestSize } from "../../generated/ir/envelope.ts";
import type * as img from "../../generated/ir/img.ts";
import { fault } from "./fault.ts";
import type { MediaAdmission } from "./request-media.ts";
import { textTokens } from "./tokens.ts";

/** Refuses a prompt for a variation, a missing prompt for other tasks, and a transparent JPEG. Admits the images of the task. */
export async function normalizeImg(payload: img.Request, media: MediaAdmission): Promise<img.Request> {
	const { task, prompt, background, format } = payload;
	const variation = task.type === "variation";
	if (variation && prompt !== undefined) throw fault("prompt", "is not allowed for a variation; use an edit instead");
	if (!variation && (prompt === undefined || prompt.trim() === "")) throw fault("prompt", `is required to ${task.type} an image`);
	if (background === "transparent" && format === "jpeg") throw fault("background", "JPEG has no transparency; use the format png or webp");
	return { ...payload, task: await admitMedia(task, media) };
}

async function admitMedia(task: img.Task, media: MediaAdmission): Promise<img.Task> {
	switch (task.type) {
		case "generate":
			return task;
		case "edit": {
			const { images, mask } = task.edit;
			const admitted = images.map((image, index) => media.admit(image, `task.edit.images[${index}]`));
			return {
				type: "edit",
				edit: {
					images: await Promise.all(admitted),
					...(mask === undefined ? {} : { mask: await media.admit(mask, "task.edit.mask") }),
				},
			};
		}
		case "variation":
			return { type: "variation", variation: await media.admit(task.variation, "task.variation") };
	}
}

/** Counts the images and the pixels of each, and estimates the tokens of the prompt. */
export function estimateImgSize({ prompt, n = 1, size }: img.Request): RequestSize {
	return {
		...(prompt === undefined ? {} : { input_tokens: textTokens(prompt) }),
		images: n,
		...(size === undefined ? {} : { image_pixels: size.width * size.height }),
	};
}
