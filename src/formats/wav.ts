import { FileBeginning } from "./file-beginning.ts";

/** Properties of a WAV file. */
export interface WavFacts {
	/** Samples per second and channel, in Hz. */
	readonly sampleRate: number;
	/** Duration in seconds. */
	readonly seconds: number;
}

/** Largest part of a file before its samples, in bytes. A file with more is not measured. Bounds the memory of a meter. */
export const MAX_HEAD_BYTES = 64 * 1024;

interface Header {
	readonly sampleRate: number;
	readonly bytesPerSecond: number;
	/** Offset of the samples, in bytes. */
	readonly start: number;
	/** Length of the samples as declared, in bytes. */
	readonly size: number;
}

/**
 * Measures a WAV file while its bytes are passed on. A file that was written as a stream declares no valid length; the meter
 * counts its samples instead.
 *
 * @see http://soundfile.sapp.org/doc/WaveFormat/ and the Multimedia Programming Interface and Data Specifications 1.0, "WAVE"
 */
export class WavMeter {
	/** Absent once the header was read, or is known to be missing. */
	#beginning: FileBeginning | undefined = new FileBeginning();
	#header: Header | undefined;
	#bytes = 0;

	/** Adds the next bytes of the file. */
	add(chunk: Uint8Array): void {
		this.#bytes += chunk.byteLength;
		const beginning = this.#beginning;
		if (beginning === undefined) return;
		const due = beginning.add(chunk);
		if (due || beginning.bytes.length >= MAX_HEAD_BYTES) this.#read(beginning);
	}

	/** Returns the properties once all bytes were added, or `undefined` for a file that is not WAV. */
	facts(): WavFacts | undefined {
		if (this.#beginning !== undefined) this.#read(this.#beginning);
		return this.#header === undefined ? undefined : factsOf(this.#header, this.#bytes);
	}

	#read({ bytes }: FileBeginning): void {
		const header = readHeader(bytes);
		if (header === "incomplete" && bytes.length < MAX_HEAD_BYTES) return;
		this.#header = header === "incomplete" ? undefined : header;
		this.#beginning = undefined;
	}
}

/**
 * Measures a WAV file by its beginning. Returns `incomplete` if the beginning ends before the samples, and `undefined` for a file
 * that is not WAV.
 *
 * @param size Length of the whole file in bytes.
 */
export function wavFacts(beginning: Uint8Array, size: number): WavFacts | "incomplete" | undefined {
	const header = readHeader(Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength));
	return typeof header === "object" ? factsOf(header, size) : header;
}

function factsOf({ sampleRate, bytesPerSecond, start, size }: Header, bytes: number): WavFacts {
	const present = bytes - start;
	const samples = size > 0 && size < present ? size : present;
	return { sampleRate, seconds: samples / bytesPerSecond };
}

function readHeader(bytes: Buffer): Header | "incomplete" | undefined {
	if (bytes.length < 12) return "incomplete";
	if (tag(bytes, 0) !== "RIFF" || tag(bytes, 8) !== "WAVE") return undefined;
	let rates: Pick<Header, "sampleRate" | "bytesPerSecond"> | undefined;
	for (let at = 12; at + 8 <= bytes.length; ) {
		const name = tag(bytes, at);
		const size = bytes.readUInt32LE(at + 4);
		const start = at + 8;
		if (name === "data") return rates === undefined ? undefined : { ...rates, start, size };
		if (name === "fmt ") {
			if (bytes.length < start + 16) return "incomplete";
			rates = { sampleRate: bytes.readUInt32LE(start + 4), bytesPerSecond: bytes.readUInt32LE(start + 8) };
			if (rates.sampleRate === 0 || rates.bytesPerSecond === 0) return undefined;
		}
		at = start + size + (size % 2);
	}
	return "incomplete";
}

function tag(bytes: Buffer, at: number): string {
	return bytes.toString("latin1", at, at + 4);
}
