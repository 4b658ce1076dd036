/** What a WAV file's header says, and what follows it. */
export interface WavFacts {
	/** Samples a second, of each channel. */
	readonly sampleRate: number;
	/** Length in seconds. */
	readonly seconds: number;
}

/** How much of a file, in bytes, may come before its samples. What has more is not measured. */
export const MAX_HEAD_BYTES = 64 * 1024;

interface Header {
	readonly sampleRate: number;
	readonly bytesPerSecond: number;
	/** Where the samples begin. */
	readonly start: number;
	/** Bytes of samples, as declared. */
	readonly size: number;
}

/**
 * Measures a WAV file as it passes by. A file written while it was made declares no length, or one that is none; its samples
 * are counted then.
 *
 * @see http://soundfile.sapp.org/doc/WaveFormat/ and the Multimedia Programming Interface and Data Specifications 1.0, "WAVE"
 */
export class WavMeter {
	#head: Buffer | undefined = Buffer.alloc(0);
	#header: Header | undefined;
	#bytes = 0;

	/** Takes in the next bytes. */
	add(piece: Uint8Array): void {
		this.#bytes += piece.byteLength;
		if (this.#head === undefined) return;
		this.#head = Buffer.concat([this.#head, piece]);
		const header = readHeader(this.#head);
		if (header === "incomplete" && this.#head.length < MAX_HEAD_BYTES) return;
		this.#header = header === "incomplete" ? undefined : header;
		this.#head = undefined;
	}

	/** What is known once all bytes were taken in; `undefined` for what is no WAV file. */
	facts(): WavFacts | undefined {
		return this.#header === undefined ? undefined : factsOf(this.#header, this.#bytes);
	}
}

/**
 * Measures a WAV file of this many bytes by its beginning alone. `incomplete` when that ends before the samples begin; `undefined`
 * for what is no WAV file.
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
