import { SpearError } from "../../errors/spear-error.ts";

/** File that is wanted from an archive. */
export interface WantedFile {
	/** Path in the package. */
	readonly path: string;
	/** Size that the file must have, in bytes. */
	readonly maxBytes: number;
	/** Receives the content. Nothing more is read until the promise is settled. */
	readonly receive: (content: AsyncIterable<Uint8Array>) => Promise<void>;
}

/**
 * Largest sum of the bytes that an archive may unpack to, 1 GiB. The pinned packages have 98 MB at most. Otherwise a small archive could
 * keep the processor busy for hours.
 */
export const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** Returns the error of an archive that cannot be used. */
export function archiveFault(fault: string): SpearError {
	return new SpearError("backend_error", `the package ${fault}`, { processed: "no" });
}

/** Passes content on, up to a number of bytes. @throws SpearError for more. */
export async function* atMost(content: AsyncIterable<Uint8Array>, bytes: number, path: string): AsyncGenerator<Uint8Array> {
	let read = 0;
	for await (const chunk of content) {
		read += chunk.byteLength;
		if (read > bytes) throw archiveFault(`has a larger ${path} than the manifest says`);
		yield chunk;
	}
}
