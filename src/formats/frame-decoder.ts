import type { WavFormat } from "./wav-format.ts";
import { frameReader, type ReadFrames } from "./wav-samples.ts";

/** Reads samples, whose bytes arrive in chunks, as mono samples. Holds the beginning of one frame at most. */
export class FrameDecoder {
	readonly #read: ReadFrames;
	readonly #frameBytes: number;
	readonly #held: Buffer;
	#heldBytes = 0;

	constructor(format: WavFormat) {
		this.#read = frameReader(format);
		this.#frameBytes = format.channels * format.sampleBytes;
		this.#held = Buffer.alloc(this.#frameBytes);
	}

	/** Adds the next bytes, and returns their samples. Full scale is -1 to 1. */
	add(bytes: Uint8Array): Float32Array {
		const samples = new Float32Array(Math.floor((this.#heldBytes + bytes.length) / this.#frameBytes));
		let rest = bytes;
		let done = 0;
		if (this.#heldBytes > 0) {
			rest = this.#hold(rest);
			if (this.#heldBytes < this.#frameBytes) return samples;
			this.#read(this.#held, 1, samples, 0);
			this.#heldBytes = 0;
			done = 1;
		}
		this.#read(rest, samples.length - done, samples, done);
		this.#hold(rest.subarray((samples.length - done) * this.#frameBytes));
		return samples;
	}

	/** Holds bytes up to the end of a frame, and returns the others. */
	#hold(bytes: Uint8Array): Uint8Array {
		const held = bytes.subarray(0, this.#frameBytes - this.#heldBytes);
		this.#held.set(held, this.#heldBytes);
		this.#heldBytes += held.length;
		return bytes.subarray(held.length);
	}
}
