import { Buffer, isAscii } from "node:buffer";

/** Throws for bytes that are not UTF-8. Keeps no state between texts. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Returns the text of bytes in UTF-8, without a byte order mark. ASCII, as most JSON is, takes a shorter way.
 *
 * @throws TypeError for bytes that are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
	return isAscii(bytes) ? asciiText(bytes) : UTF8.decode(bytes);
}

/** Decodes UTF-8 from chunks of any size. A chunk may end within a character. */
export class Utf8Stream {
	#decoder: InstanceType<typeof TextDecoder> | undefined;
	#started = false;
	/** True if the decoder may hold the beginning of a character. */
	#mayHold = false;

	/**
	 * Returns the text of the next chunk, without a character that the chunk ends within.
	 *
	 * @throws TypeError for bytes that are not UTF-8.
	 */
	push(bytes: Uint8Array): string {
		if (!this.#mayHold && isAscii(bytes)) {
			this.#started ||= bytes.length > 0;
			return asciiText(bytes);
		}
		// A byte order mark is one only at the beginning of the first chunk.
		this.#decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: this.#started });
		this.#started = true;
		const last = bytes.at(-1);
		if (last !== undefined) this.#mayHold = last >= 0x80;
		return this.#decoder.decode(bytes, { stream: true });
	}

	/**
	 * Ends the text.
	 *
	 * @throws TypeError if the last character is not whole.
	 */
	end(): string {
		return this.#decoder?.decode() ?? "";
	}
}

function asciiText({ buffer, byteOffset, byteLength }: Uint8Array): string {
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
