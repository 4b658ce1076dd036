import { decoded, EncodingError } from "./content-encoding.ts";
import type { Exchange } from "./exchange.ts";
import { malformedError, truncatedError } from "./failure.ts";

export interface DecodedBodyOptions {
	/** A content coding that the host can decode. */
	readonly coding: string;
	readonly exchange: Exchange;
	/** Largest body after decoding, in bytes. */
	readonly maxBytes: number;
	/** Called once the body needs no more cleaning up. */
	readonly onEnd: () => void;
}

/** Yields the decoded bytes of an answer as they arrive. Throws if the body is malformed, cut off or larger than the bound. */
export async function* decodedBody(
	body: AsyncGenerator<Uint8Array, void, void>,
	{ coding, exchange, maxBytes, onEnd }: DecodedBodyOptions,
): AsyncGenerator<Uint8Array, void, void> {
	let bytes = 0;
	try {
		for await (const chunk of decoded(body, coding, onEnd)) {
			bytes += chunk.byteLength;
			if (bytes > maxBytes) throw malformedError(exchange, `it is larger than ${maxBytes} bytes`);
			yield chunk;
		}
	} catch (thrown) {
		if (!(thrown instanceof EncodingError)) throw thrown;
		if (thrown.truncated) throw truncatedError(exchange, `the end of its ${coding} data`);
		throw malformedError(exchange, `it is not ${coding} data, as its content-encoding says`, thrown.message);
	}
}
