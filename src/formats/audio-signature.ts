/** A format of recordings that the first bytes of a file tell. */
export interface AudioSignature {
	/** Name of the format, such as `MP3`. */
	readonly name: string;
	/** Usual file extension, such as `mp3`. */
	readonly extension: string;
}

/** Bytes that {@link audioSignature} needs. */
export const SIGNATURE_BYTES = 12;

/** Text at an offset of a file, by format. */
const TEXTS: readonly (AudioSignature & { readonly at: number; readonly text: string })[] = [
	{ name: "MP3", extension: "mp3", at: 0, text: "ID3" },
	{ name: "Ogg", extension: "ogg", at: 0, text: "OggS" },
	{ name: "FLAC", extension: "flac", at: 0, text: "fLaC" },
	{ name: "M4A (MPEG-4)", extension: "m4a", at: 4, text: "ftyp" },
	{ name: "WebM or Matroska", extension: "webm", at: 0, text: "\x1a\x45\xdf\xa3" },
	{ name: "AIFF", extension: "aiff", at: 0, text: "FORM" },
	{ name: "AU", extension: "au", at: 0, text: ".snd" },
	{ name: "CAF", extension: "caf", at: 0, text: "caff" },
	{ name: "AMR", extension: "amr", at: 0, text: "#!AMR" },
	{ name: "WMA (ASF)", extension: "wma", at: 0, text: "\x30\x26\xb2\x75" },
	{ name: "Wave64", extension: "w64", at: 0, text: "riff\x2e\x91\xcf\x11" },
	{ name: "big-endian WAV (RIFX)", extension: "wav", at: 0, text: "RIFX" },
	{ name: "AVI", extension: "avi", at: 8, text: "AVI " },
];

/** Returns the format of a recording other than WAV, by its first {@link SIGNATURE_BYTES} bytes. Returns `undefined` for all others. */
export function audioSignature(beginning: Uint8Array): AudioSignature | undefined {
	const text = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength).toString("latin1", 0, SIGNATURE_BYTES);
	const found = TEXTS.find((signature) => text.startsWith(signature.text, signature.at));
	return found === undefined ? mpegFrame(beginning) : { name: found.name, extension: found.extension };
}

/**
 * Recognizes MPEG audio by the header of its first frame: 11 set bits, then version, layer and rates.
 *
 * @see ISO/IEC 11172-3, 2.4.2.3, and ISO/IEC 13818-7, 6.2
 */
function mpegFrame([first, second = 0, third = 0]: Uint8Array): AudioSignature | undefined {
	if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
	const layer = (second >> 1) & 3;
	if ((second & 0xf6) === 0xf0) return { name: "AAC", extension: "aac" };
	const isReserved = ((second >> 3) & 3) === 1 || layer === 0 || third >> 4 === 15 || ((third >> 2) & 3) === 3;
	return isReserved ? undefined : { name: layer === 1 ? "MP3" : "MPEG audio", extension: "mp3" };
}
