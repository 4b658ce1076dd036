import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type * as img from "../../../../generated/ir/img.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { ImageBytes } from "./image-bytes.ts";

/** An image of an answer. */
export interface FoundImage {
	readonly bytes: ImageBytes;
	/** Prompt as the upstream rewrote it. Absent: not rewritten, or not reported. */
	readonly revisedPrompt?: string | undefined;
}

/** Most images that one answer may store: the most that a request can ask for. Otherwise an upstream could fill the guest's quota. */
export const MAX_IMAGES = 16;

/**
 * Stores images. An image that cannot be stored whole does not affect the others.
 *
 * @throws SpearError the error of the first image if no image can be stored.
 */
export async function storeImages(
	found: readonly FoundImage[],
	{ media, signal }: Pick<BackendContext, "media" | "signal">,
): Promise<{ readonly images: img.Image[]; readonly lost: readonly SpearError[] }> {
	const images: img.Image[] = [];
	const lost: SpearError[] = [];
	try {
		for (const { bytes, revisedPrompt } of found) {
			const { mimeType: mime_type, width, height } = bytes.header;
			try {
				const { reference } = await media.store(bytes.content(), mime_type, signal);
				images.push({
					media: reference,
					mime_type,
					size: { width, height },
					...(revisedPrompt === undefined ? {} : { revised_prompt: revisedPrompt }),
				});
			} catch (thrown) {
				if (signal.aborted) throw thrown;
				lost.push(SpearError.from(thrown));
			}
		}
	} finally {
		await Promise.all(found.map(({ bytes }) => bytes.discard()));
	}
	const [first] = lost;
	if (images.length === 0 && first !== undefined) throw first;
	return { images, lost };
}
