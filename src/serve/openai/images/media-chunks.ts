import type { MediaRef } from "../../../../generated/ir/types.ts";
import type { HostClient } from "../../../host/client.ts";
import { mediaSlots } from "../media-slots.ts";

/** Bytes that are read from the store at once. */
const CHUNK_BYTES = 48 * 1024;

/**
 * Yields the bytes of an object of a client. The object is opened when the first bytes are asked for. Waits while too many answers of the client are
 * being read.
 */
export async function* mediaChunks(media: HostClient["media"], reference: MediaRef): AsyncGenerator<Uint8Array, void, void> {
	const { readers } = mediaSlots(media);
	await readers.take();
	try {
		using reader = await media.reader(reference);
		for (let bytes = await reader.read(CHUNK_BYTES); bytes !== undefined; bytes = await reader.read(CHUNK_BYTES)) yield bytes;
	} finally {
		readers.release();
	}
}
