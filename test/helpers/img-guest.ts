/** Part of a guest: commands that generate, edit and vary images. The commands use `get` and `put` of media. */
export const IMG_IMPORTS = 'import { create } from "spear:ai/img@0.1.0";';

/** With `look`, the outcome contains the bytes of each image. */
export const IMG_COMMANDS = `
	create({ request, options, look }) {
		const response = create({ task: { tag: "generate" }, prompt: "a cat", ...request }, options);
		return look ? { ...response, bytes: response.images.map((image) => get(image.media)) } : response;
	},
	edit({ data, mimeType, request, options }) {
		const { reference } = put(data, mimeType);
		return create({ task: { tag: "edit", val: { images: [reference] } }, prompt: "a cat", ...request }, options);
	},`;
