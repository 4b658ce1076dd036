import { familyGuest } from "./family-guest.ts";
import { buildTestGuest } from "./guest.ts";

export const IMG_IMPORTS = `
import { create } from "spear:ai/img@0.1.0";
import { get, put, stat } from "spear:ai/media@0.1.0";`;

/** With `look`, the outcome contains the bytes of each image. */
export const IMG_COMMANDS = `
	create({ request, options, look }) {
		const response = create({ task: { tag: "generate" }, prompt: "a cat", ...request }, options);
		return look ? { ...response, bytes: response.images.map((image) => get(image.media)) } : response;
	},
	edit({ data, mimeType, request, options }) {
		const { reference } = put(data, mimeType);
		return create({ task: { tag: "edit", val: { images: [reference] } }, prompt: "a cat", ...request }, options);
	},
	stat: ({ reference }) => stat(reference),`;

/** A guest that runs commands to generate, edit and vary images. */
export async function imgComponent(): Promise<string> {
	return (await buildTestGuest(familyGuest(IMG_IMPORTS, IMG_COMMANDS), { world: "image-agent" })).component;
}
