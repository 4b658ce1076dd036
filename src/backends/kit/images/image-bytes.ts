import { type ImageHeader, imageHeader } from "../../../formats/image-header.ts";

/** An image of an answer, before it is stored. */
export interface ImageBytes {
	readonly header: ImageHeader;
	/** Returns the bytes of the file. May be called once. */
	content(): AsyncIterable<Uint8Array>;
	/** Releases bytes that were not read. */
	discard(): Promise<void>;
}

/** Size of a chunk for the store, in bytes. */
const CHUNK_BYTES = 64 * 1024;

/** Predicate of content without an image. */
export const NO_IMAGE = "is not an image of a known format";

/** Returns an image from base64, plain or in a `data:` URL. `wrong` makes the error for other content. */
export function decodedImage(text: string, wrong: (what: string) => Error): ImageBytes {
	const base64 = text.replace(/^data:[^,]{0,100};base64,/, "");
	if (/[^A-Za-z0-9+/=\s]/.test(base64)) throw wrong("is not base64");
	const bytes = Buffer.from(base64, "base64");
	const header = imageHeader(bytes);
	if (header === undefined) throw wrong(NO_IMAGE);
	return {
		header,
		async *content() {
			for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
		},
		async discard() {},
	};
}
