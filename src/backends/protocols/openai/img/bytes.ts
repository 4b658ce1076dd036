import type { BackendMedia } from "../../../../../generated/backends/backend.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { type ImageHeader, imageHeader } from "../../../../formats/image-header.ts";

/** An image of an answer, on its way to the store. */
export interface ImageBytes {
	readonly header: ImageHeader;
	/** The file, once. */
	content(): AsyncIterable<Uint8Array>;
	/** Lets go of what was not read. */
	discard(): Promise<void>;
}

/** Bytes handed to the store at a time. */
const PIECE = 64 * 1024;

/** How far into a file its size is looked for, in bytes: a JPEG may have a profile and a preview before it. */
const MAX_HEADER = 1024 * 1024;

const NO_IMAGE = "is none of PNG, JPEG and WebP";

/** An image in base64, plain or as a `data:` URL. `wrong` makes the error for what is no image. */
export function decodedImage(text: string, wrong: (what: string) => Error): ImageBytes {
	const base64 = text.replace(/^data:[^,]{0,100};base64,/, "");
	if (/[^A-Za-z0-9+/=\s]/.test(base64)) throw wrong("is not base64");
	const bytes = Buffer.from(base64, "base64");
	const header = imageHeader(bytes);
	if (header === undefined) throw wrong(NO_IMAGE);
	return {
		header,
		async *content() {
			for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
		},
		async discard() {},
	};
}

/**
 * An image behind a URL the upstream answered with: fetched as host policy allows, and only as it is stored. Of the file no more
 * is held than it takes to find its header.
 */
export async function fetchedImage(
	url: string,
	media: BackendMedia,
	signal: AbortSignal,
	wrong: (what: string) => Error,
): Promise<ImageBytes> {
	if (url.startsWith("data:")) return decodedImage(url, wrong);
	const source = (await opened(url, media, signal)).stream()[Symbol.asyncIterator]();
	let head: Buffer = Buffer.alloc(0);
	let header: ImageHeader | undefined;
	try {
		while (header === undefined && head.length < MAX_HEADER) {
			const step = await source.next();
			if (step.done === true) break;
			head = Buffer.concat([head, step.value]);
			header = imageHeader(head);
		}
		if (header === undefined) throw wrong(NO_IMAGE);
	} catch (thrown) {
		await source.return?.();
		throw thrown;
	}
	return {
		header,
		async *content() {
			yield head;
			yield* { [Symbol.asyncIterator]: () => source };
		},
		async discard() {
			await source.return?.();
		},
	};
}

/** The guest did not give the URL, so a refusal to fetch it is not the guest's fault: its operator must put it right. */
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
