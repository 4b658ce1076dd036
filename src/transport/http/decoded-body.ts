import { decoded, EncodingError } from "./content-encoding.ts";

export interface DecodedBodyOptions {
	/** A content coding that the host can decode. */
	readonly coding: string;
	/** Largest body after decoding, in bytes. */
	readonly maxBytes: number;
	/** Called once the body needs no more cleaning up. */
	readonly onEnd: () => void;
	/** Makes the error for a body that is larger than the bound. */
	readonly tooLarge: () => Error;
	/** Makes the error for bytes that the coding does not allow. */
	readonly malformed: (cause: EncodingError) => Error;
}

/** Yields the decoded bytes of a body as they arrive. Throws if the body is malformed, cut off or larger than the bound. */
export async function* decodedBody(
	body: AsyncGenerator<Uint8Array, void, void>,
	{ coding, maxBytes, onEnd, tooLarge, malformed }: DecodedBodyOptions,
): AsyncGenerator<Uint8Array, void, void> {
	let bytes = 0;
	try {
		for await (const chunk of decoded(body, coding, onEnd)) {
			bytes += chunk.byteLength;
			if (bytes > maxBytes) throw tooLarge();
			yield chunk;
		}
	} catch (thrown) {
		throw thrown instanceof EncodingError ? malformed(thrown) : thrown;
	}
}
