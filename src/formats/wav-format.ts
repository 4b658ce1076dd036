import { AudioFormatError } from "./audio-format-error.ts";

/** Coding of a WAV file's samples. */
export type WavEncoding = "pcm" | "float" | "mu-law" | "a-law";

/** Form of a WAV file's samples. */
export interface WavFormat {
	readonly encoding: WavEncoding;
	/** Samples per second and channel, in Hz. */
	readonly sampleRate: number;
	readonly channels: number;
	/** Bytes of one sample of one channel. */
	readonly sampleBytes: number;
}

/** Bytes of a format chunk that say all. */
export const FORMAT_BYTES = 40;

/** Bytes of a format chunk at least. */
export const MIN_FORMAT_BYTES = 16;

/** Bounds of the sample rate, in Hz. */
const MIN_RATE = 1000;
const MAX_RATE = 384_000;

/** Most channels. Bounds the bytes of one frame. */
const MAX_CHANNELS = 64;

const EXTENSIBLE = 0xfffe;

/** End of the GUID of a subformat, whose beginning is a format tag: `-0000-0010-8000-00AA00389B71`. */
const SUBFORMAT = "000000001000800000aa00389b71";

/** Codings by format tag. */
const ENCODINGS: ReadonlyMap<number, WavEncoding> = new Map<number, WavEncoding>([
	[1, "pcm"],
	[3, "float"],
	[6, "a-law"],
	[7, "mu-law"],
]);

/** Bytes of a sample, by coding. */
const SIZES: Readonly<Record<WavEncoding, readonly number[]>> = { pcm: [1, 2, 3, 4], float: [4, 8], "mu-law": [1], "a-law": [1] };

/** Names of other format tags. */
const COMPRESSED: ReadonlyMap<number, string> = new Map([
	[0x02, "Microsoft ADPCM"],
	[0x11, "IMA ADPCM"],
	[0x31, "GSM 6.10"],
	[0x40, "G.721 ADPCM"],
	[0x50, "MPEG audio"],
	[0x55, "MP3"],
	[0xff, "AAC"],
	[0x161, "WMA"],
]);

/**
 * Reads the body of a format chunk, or its first {@link FORMAT_BYTES}.
 *
 * @throws AudioFormatError for a form of samples that no reader knows.
 * @see https://learn.microsoft.com/windows/win32/api/mmreg/ns-mmreg-waveformatextensible
 */
export function wavFormat(body: Buffer): WavFormat {
	const encoding = encodingOf(body);
	const channels = body.readUInt16LE(2);
	const sampleRate = body.readUInt32LE(4);
	const bits = body.readUInt16LE(14);
	if (channels < 1 || channels > MAX_CHANNELS) throw new AudioFormatError(`it has ${channels} channels; 1 to ${MAX_CHANNELS} can be read`);
	if (sampleRate < MIN_RATE || sampleRate > MAX_RATE)
		throw new AudioFormatError(`its sample rate is ${sampleRate} Hz; ${MIN_RATE} to ${MAX_RATE} Hz can be read`);
	// A sample may be stored in more bytes than its bits need, at the most significant end.
	const declared = body.readUInt16LE(12) / channels;
	const sampleBytes = declared >= bits / 8 && SIZES[encoding].includes(declared) ? declared : Math.ceil(bits / 8);
	if (!SIZES[encoding].includes(sampleBytes)) throw new AudioFormatError(`its samples are ${bits}-bit ${encoding}, which cannot be read`);
	return { encoding, sampleRate, channels, sampleBytes };
}

function encodingOf(body: Buffer): WavEncoding {
	let tag = body.readUInt16LE(0);
	if (tag === EXTENSIBLE) {
		if (body.length < FORMAT_BYTES || body.toString("hex", 26, 40) !== SUBFORMAT)
			throw new AudioFormatError("its samples are of an unknown extended format");
		tag = body.readUInt16LE(24);
	}
	const encoding = ENCODINGS.get(tag);
	if (encoding !== undefined) return encoding;
	const name = COMPRESSED.get(tag) ?? `format 0x${tag.toString(16).padStart(4, "0")}`;
	throw new AudioFormatError(`its samples are compressed as ${name}`);
}
