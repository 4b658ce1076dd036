import { AudioFormatError } from "./audio-format-error.ts";
import { audioSignature, SIGNATURE_BYTES } from "./audio-signature.ts";
import { FrameDecoder } from "./frame-decoder.ts";
import { FORMAT_BYTES, MIN_FORMAT_BYTES, type WavFormat, wavFormat } from "./wav-format.ts";

/** Lengths of samples that writers of streams declare, and all above: unknown. */
const UNKNOWN_FROM = 0x7fff_0000;

/** Bytes of the chunk `ds64` up to the length of the samples. */
const DS64_BYTES = 16;

const NO_SAMPLES = new Float32Array(0);

/** Part of the file that comes next. */
type Part =
	/** A part that is read as a whole. */
	| { readonly name: "riff" | "head" | "fmt " | "ds64"; readonly bytes: number; readonly rest: number }
	| { readonly name: "skip"; bytes: number }
	| { readonly name: "data"; bytes: number; readonly decoder: FrameDecoder };

/**
 * Reads a WAV file, whose bytes arrive in chunks, as mono samples. Holds one frame at most. Reads integers of 8, 16, 24 and 32 bits, floats of
 * 32 and 64 bits, A-law and µ-law, in any number of channels. A file that was written as a stream declares no valid length: its samples end
 * with the file. A truncated file has the samples that are there.
 *
 * @see http://soundfile.sapp.org/doc/WaveFormat/ and EBU Tech 3306 (RF64)
 */
export class WavReader {
	#part: Part = { name: "riff", bytes: SIGNATURE_BYTES, rest: 0 };
	/** Beginning of a part that is read as a whole. */
	readonly #held = Buffer.alloc(FORMAT_BYTES);
	#heldBytes = 0;
	#format: WavFormat | undefined;
	/** Length of the samples in a chunk `ds64`, in bytes. */
	#longLength: number | undefined;
	#hasData = false;
	#bytes = 0;

	/** Form of the samples. `undefined` before its chunk was read. */
	get format(): WavFormat | undefined {
		return this.#format;
	}

	/**
	 * Adds the next bytes, and returns their samples. Full scale is -1 to 1.
	 *
	 * @throws AudioFormatError for a file that is no WAV file, or whose samples are of an unknown form.
	 */
	add(chunk: Uint8Array): Float32Array {
		this.#bytes += chunk.byteLength;
		let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		let samples: Float32Array = NO_SAMPLES;
		while (rest.length > 0) {
			const part = this.#part;
			if (part.name === "skip") {
				const skipped = Math.min(part.bytes, rest.length);
				part.bytes -= skipped;
				rest = rest.subarray(skipped);
				if (part.bytes === 0) this.#expectHead();
			} else if (part.name === "data") {
				const length = Math.min(part.bytes, rest.length);
				samples = part.decoder.add(rest.subarray(0, length));
				part.bytes -= length;
				rest = rest.subarray(length);
				// Nothing behind the samples matters.
				if (part.bytes === 0) this.#part = { name: "skip", bytes: Number.POSITIVE_INFINITY };
			} else {
				const taken = rest.subarray(0, part.bytes - this.#heldBytes);
				this.#held.set(taken, this.#heldBytes);
				this.#heldBytes += taken.length;
				rest = rest.subarray(taken.length);
				if (this.#heldBytes === part.bytes) {
					this.#heldBytes = 0;
					this.#readPart(part.name, this.#held.subarray(0, part.bytes), part.rest);
				}
			}
		}
		return samples;
	}

	/**
	 * Ends the file.
	 *
	 * @throws AudioFormatError for a file that ends before its samples.
	 */
	end(): void {
		if (this.#hasData) return;
		if (this.#bytes === 0) throw new AudioFormatError("it is empty");
		if (this.#part.name === "riff") throw new AudioFormatError("it is no WAV file");
		throw new AudioFormatError("it is a WAV file without samples");
	}

	#expectHead(): void {
		this.#part = { name: "head", bytes: 8, rest: 0 };
	}

	#expectRest(bytes: number): void {
		if (bytes > 0) this.#part = { name: "skip", bytes };
		else this.#expectHead();
	}

	#readPart(name: "riff" | "head" | "fmt " | "ds64", bytes: Buffer, rest: number): void {
		if (name === "riff") {
			checkKind(bytes);
			this.#expectHead();
		} else if (name === "head") this.#readHead(bytes.toString("latin1", 0, 4), bytes.readUInt32LE(4));
		else {
			if (name === "fmt ") this.#format = wavFormat(bytes);
			else this.#longLength = Number(bytes.readBigUInt64LE(8));
			this.#expectRest(rest);
		}
	}

	#readHead(name: string, size: number): void {
		const padded = size + (size % 2);
		if (name === "data") this.#startData(size);
		else if (name === "fmt " && size >= MIN_FORMAT_BYTES) this.#expectWhole(name, Math.min(size, FORMAT_BYTES), padded);
		else if (name === "ds64" && size >= DS64_BYTES) this.#expectWhole(name, DS64_BYTES, padded);
		else this.#expectRest(padded);
	}

	#expectWhole(name: "fmt " | "ds64", bytes: number, padded: number): void {
		this.#part = { name, bytes, rest: padded - bytes };
	}

	#startData(size: number): void {
		if (this.#format === undefined) throw new AudioFormatError("it is a WAV file whose samples have no format");
		const declared = size === 0xffff_ffff ? (this.#longLength ?? size) : size;
		const isUnknown = declared === 0 || (declared >= UNKNOWN_FROM && declared <= 0xffff_ffff);
		this.#hasData = true;
		this.#part = { name: "data", bytes: isUnknown ? Number.POSITIVE_INFINITY : declared, decoder: new FrameDecoder(this.#format) };
	}
}

/** Checks the first bytes of a file. */
function checkKind(beginning: Buffer): void {
	const text = beginning.toString("latin1");
	if (/^(?:RIFF|RF64|BW64)/.test(text) && text.endsWith("WAVE")) return;
	const other = audioSignature(beginning);
	throw other === undefined ? new AudioFormatError("it is no WAV file") : new AudioFormatError(`it is ${other.name}`, other.extension);
}
