import type { BackendMedia } from "../../../../../generated/backends/backend.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { FileBeginning } from "../../../../formats/file-beginning.ts";
import { type ImageHeader, imageHeader } from "../../../../formats/image-header.ts";
import { decodedImage, type ImageBytes, NO_IMAGE } from "../../../kit/images/image-bytes.ts";

/** Largest part of a file that is searched for its size, in bytes. A JPEG may have a profile and a preview before the size. */
const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * Returns an image behind a URL in the upstream's answer. The host's policy for URLs applies. Holds only the part of the file up to its
 * size; the rest is fetched while it is stored.
 */
export async function fetchedImage(
	url: string,
	media: BackendMedia,
	signal: AbortSignal,
	wrong: (what: string) => Error,
): Promise<ImageBytes> {
	if (url.startsWith("data:")) return decodedImage(url, wrong);
	const source = (await opened(url, media, signal)).stream()[Symbol.asyncIterator]();
	const beginning = new FileBeginning();
	let header: ImageHeader | undefined;
	try {
		header = await findHeader(source, beginning);
		if (header === undefined) throw wrong(NO_IMAGE);
	} catch (thrown) {
		await source.return?.();
		throw thrown;
	}
	return {
		header,
		async *content() {
			yield beginning.bytes;
			yield* { [Symbol.asyncIterator]: () => source };
		},
		async discard() {
			await source.return?.();
		},
	};
}

/** Reads chunks into `beginning` until it holds the header, or {@link MAX_HEADER_BYTES}. */
async function findHeader(source: AsyncIterator<Uint8Array>, beginning: FileBeginning): Promise<ImageHeader | undefined> {
	while (beginning.bytes.length < MAX_HEADER_BYTES) {
		const step = await source.next();
		if (step.done === true) break;
		const header = beginning.add(step.value) ? imageHeader(beginning.bytes) : undefined;
		if (header !== undefined) return header;
	}
	return imageHeader(beginning.bytes);
}

/** Opens a URL. Attributes a refusal to the backend, because the guest did not name the URL. */
async function opened(url: string, media: BackendMedia, signal: AbortSignal): ReturnType<BackendMedia["open"]> {
	try {
		return await media.open({ type: "url", url }, signal);
	} catch (thrown) {
		if (!(thrown instanceof SpearError) || (thrown.code !== "not_permitted" && thrown.code !== "invalid_request")) throw thrown;
		throw new SpearError(
			"backend_error",
			"the backend answered with a URL that the host may not fetch; its operator must allow that host or set image_response_format",
			{ cause: thrown },
		);
	}
}
