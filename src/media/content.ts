import type { MediaContent } from "../../generated/backends/backend.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { MediaObject } from "./media-object.ts";
import type { ObjectStore } from "./object-store.ts";

/** Bytes of one read. Bounds the memory of a stream, however large its object. */
const CHUNK_BYTES = 256 * 1024;

/** Returns the content of a stored object, as a backend reads it. A file is open only while a stream is read. */
export function contentOf(store: ObjectStore, object: MediaObject): MediaContent {
	const { mimeType, size } = object;
	async function* stream(): AsyncGenerator<Uint8Array, void, void> {
		const open = await store.read(object);
		try {
			for (let position = 0; position < size; ) {
				const chunk = await open.fill(new Uint8Array(Math.min(CHUNK_BYTES, size - position)), position);
				position += chunk.byteLength;
				yield chunk;
			}
		} finally {
			open.close();
		}
	}
	return { mimeType, size, stream, bytes: (maxBytes) => readAll(stream(), size, maxBytes) };
}

/**
 * Returns all bytes of a stream.
 *
 * @param size Bytes of the stream. Absent if unknown.
 * @throws SpearError `invalid_request` for more than `maxBytes`.
 */
export async function readAll(stream: AsyncIterable<Uint8Array>, size: number | undefined, maxBytes: number): Promise<Uint8Array> {
	if (size !== undefined && size > maxBytes) throw tooLarge(`has ${size} bytes`, maxBytes);
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of stream) {
		bytes += chunk.byteLength;
		if (bytes > maxBytes) throw tooLarge("is larger", maxBytes);
		chunks.push(chunk);
	}
	const [only] = chunks;
	return chunks.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(problem: string, maxBytes: number): SpearError {
	return new SpearError("invalid_request", `the object ${problem}: at most ${maxBytes} bytes can be used here`);
}
