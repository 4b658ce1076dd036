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
	const source = opened(url, media, signal);
	const beginning = new FileBeginning();
	let header: ImageHeader | undefined;
	try {
		header = await findHeader(source, beginning);
		if (header === undefined) throw wrong(NO_IMAGE);
	} catch (thrown) {
		await source.return();
		throw thrown;
	}
	return {
		header,
		async *content() {
			yield beginning.bytes;
			yield* source;
		},
		async discard() {
			await source.return();
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

/** Opens a URL, and yields its content. */
async function* opened(url: string, media: BackendMedia, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
	try {
		yield* (await media.open({ type: "url", url }, signal)).stream();
	} catch (thrown) {
		throw signal.aborted ? thrown : fetchError(SpearError.from(thrown));
	}
}

/**
 * Returns the error of a URL that cannot be fetched. The guest did not name the URL, so the failure is the backend's. The image exists at the
 * upstream, which charges for it: another request would make another image.
 */
function fetchError(error: SpearError): SpearError {
	const options = { attribution: "backend", processed: "unknown" } as const;
	if (error.code === "internal") return error;
	if (error.code === "timeout") return error.with(options);
	const message =
		error.code === "not_permitted"
			? "the backend answered with a URL that the host may not fetch; its operator must allow that host or set image_response_format"
			: `the image behind the URL of the backend's answer cannot be fetched: ${error.message}`;
	return new SpearError("backend_error", message, { ...options, retryable: error.retryable, cause: error });
}
