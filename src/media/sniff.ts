import { OCTETS } from "../formats/media-type.ts";

/** Number of first bytes that are enough to detect a type. */
export const SNIFF_BYTES = 512;

/** Formats with fixed bytes at fixed offsets. A pattern is text with one character for each byte. All patterns of a row must match. */
const MAGIC: readonly (readonly [mimeType: string, ...(readonly [offset: number, bytes: string])[]])[] = [
	["image/png", [0, "\x89PNG\r\n\x1a\n"]],
	["image/jpeg", [0, "\xff\xd8\xff"]],
	["image/gif", [0, "GIF87a"]],
	["image/gif", [0, "GIF89a"]],
	["image/webp", [0, "RIFF"], [8, "WEBP"]],
	["audio/wav", [0, "RIFF"], [8, "WAVE"]],
	["audio/flac", [0, "fLaC"]],
	["application/pdf", [0, "%PDF-"]],
	["audio/mpeg", [0, "ID3"]],
];

/** Brands of MP4 files that contain audio only. */
const AUDIO_BRANDS = new Set(["M4A ", "M4B ", "F4A ", "F4B "]);

/**
 * Returns the media type that the first bytes of an object indicate, or `application/octet-stream`.
 *
 * @param complete True if `head` is the whole object.
 * @see https://mimesniff.spec.whatwg.org/ for the rules of browsers.
 */
export function sniffMediaType(head: Uint8Array, complete: boolean): string {
	const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
	for (const [mimeType, ...patterns] of MAGIC) {
		if (patterns.every(([offset, bytes]) => text.startsWith(bytes, offset))) return mimeType;
	}
	return ogg(text) ?? mp4(text) ?? matroska(text) ?? mpegAudio(head) ?? plain(head, complete) ?? OCTETS;
}

/** The first page of an Ogg stream holds the header of its codec, after 27 bytes of page header and one byte of segment table. */
function ogg(text: string): string | undefined {
	if (!text.startsWith("OggS\0")) return undefined;
	return text.startsWith("\x80theora", 28) ? "video/ogg" : "audio/ogg";
}

function mp4(text: string): string | undefined {
	if (text.slice(4, 8) !== "ftyp") return undefined;
	const brand = text.slice(8, 12);
	if (AUDIO_BRANDS.has(brand)) return "audio/mp4";
	if (brand === "avif" || brand === "avis") return "image/avif";
	if (/^(?:hei[cxs]|mif1)$/.test(brand)) return "image/heic";
	return brand === "qt  " ? "video/quicktime" : "video/mp4";
}

/** WebM is Matroska of the document type `webm`: in its header, element 0x4282, one byte of length, and the name. */
function matroska(text: string): string | undefined {
	if (!text.startsWith("\x1a\x45\xdf\xa3")) return undefined;
	const at = text.indexOf("\x42\x82");
	return at > 0 && text.startsWith("webm", at + 3) ? "video/webm" : "video/x-matroska";
}

/** A frame of MPEG audio or AAC (ADTS) begins with eleven or twelve set bits. Some values of the fields after them do not exist. */
function mpegAudio(head: Uint8Array): string | undefined {
	const [first = 0, second = 0, third = 0] = head;
	if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
	const layer = (second >> 1) & 3;
	if (layer === 0) return (second & 0xf0) === 0xf0 && ((third >> 2) & 15) < 13 ? "audio/aac" : undefined;
	const version = (second >> 3) & 3;
	const bitrate = third >> 4;
	const rate = (third >> 2) & 3;
	return version !== 1 && bitrate !== 15 && bitrate !== 0 && rate !== 3 ? "audio/mpeg" : undefined;
}

/** UTF-8 without control characters is text. An incomplete text is JSON if it begins like JSON, a complete one if it parses. */
function plain(head: Uint8Array, complete: boolean): string | undefined {
	if (head.byteLength === 0) return undefined;
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: !complete });
	} catch {
		return undefined;
	}
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters distinguish text from other bytes
	if (/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(text)) return undefined;
	return isJson(text, complete) ? "application/json" : "text/plain";
}

function isJson(text: string, complete: boolean): boolean {
	if (!complete) return /^\s*(?:\{\s*["}]|\[\s*(?:["[{\]\d-]|true|false|null))/.test(text);
	if (!/^\s*[[{]/.test(text)) return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
