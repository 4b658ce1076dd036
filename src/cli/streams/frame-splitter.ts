import { SpearError } from "../../errors/spear-error.ts";
import { frameLength, MAX_FRAME_BYTES } from "../../hostcall/core/user-stream/frame.ts";

/** Bytes from which the length of a frame is known. */
const HEADER_BYTES = 32;

/** Splits bytes into frames, by the lengths in their headers. Holds one frame at most. */
export class FrameSplitter {
	/** Bytes of which no frame is whole. */
	#held: Uint8Array[] = [];
	#heldBytes = 0;
	/** Bytes that are needed for the next step: a header, or a whole frame. */
	#needed = HEADER_BYTES;

	/**
	 * Adds bytes, and yields the frames that are whole.
	 *
	 * @throws SpearError `invalid_request` for bytes that begin no frame, and for a frame that is too large.
	 */
	*add(bytes: Uint8Array): Generator<Uint8Array, void, void> {
		this.#held.push(bytes);
		this.#heldBytes += bytes.byteLength;
		if (this.#heldBytes < this.#needed) return;
		let rest: Uint8Array = Buffer.concat(this.#held);
		for (;;) {
			this.#needed = neededBytes(rest);
			if (this.#needed > rest.byteLength) break;
			yield rest.subarray(0, this.#needed);
			rest = rest.subarray(this.#needed);
		}
		this.#held = [rest];
		this.#heldBytes = rest.byteLength;
	}

	/** @throws SpearError `invalid_request` for bytes that are no whole frame. */
	end(): void {
		if (this.#heldBytes > 0) throw new SpearError("invalid_request", "standard input ends within a frame");
	}
}

/** Returns the length of the first frame, or of a header if the bytes are less. */
function neededBytes(bytes: Uint8Array): number {
	const length = frameLength(bytes) ?? HEADER_BYTES;
	if (length <= MAX_FRAME_BYTES) return length;
	throw new SpearError("invalid_request", `standard input has a frame of ${length} bytes, and at most ${MAX_FRAME_BYTES} are allowed`);
}
