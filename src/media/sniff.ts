import { OCTETS } from "../formats/media-type.ts";

/** How many first bytes are enough to tell. */
export const SNIFF_BYTES = 512;

/** Formats told by fixed bytes: each pattern is a text of one character a byte, searched at its offset; all of a row must match. */
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

/** Brands of an MP4 file that hold sound only. */
const AUDIO_BRANDS = new Set(["M4A ", "M4B ", "F4A ", "F4B "]);

/**
 * The media type that the first bytes of a piece tell, or `application/octet-stream`. `whole` says that there are no more.
 *
 * @see https://mimesniff.spec.whatwg.org/ for what browsers do.
 */
export function sniffMediaType(head: Uint8Array, whole: boolean): string {
	const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
	for (const [mimeType, ...patterns] of MAGIC) {
		if (patterns.every(([offset, bytes]) => text.startsWith(bytes, offset))) return mimeType;
	}
	return ogg(text) ?? mp4(text) ?? matroska(text) ?? mpegAudio(head) ?? plain(head, whole) ?? OCTETS;
}

/** The first page of an Ogg stream (Opus, Vorbis…) holds the header of its codec, behind the page's own 27 bytes and one of segment table. */
function ogg(text: string): string | undefined {
	if (!text.startsWith("OggS\0")) return undefined;
	const packet = text.slice(28, 28 + 64);
	return packet.startsWith("\x80theora") ? "video/ogg" : "audio/ogg";
}

function mp4(text: string): string | undefined {
	if (text.slice(4, 8) !== "ftyp") return undefined;
	const brand = text.slice(8, 12);
	if (AUDIO_BRANDS.has(brand)) return "audio/mp4";
	if (brand === "avif" || brand === "avis") return "image/avif";
	if (/^(?:hei[cxs]|mif1)$/.test(brand)) return "image/heic";
	return brand === "qt  " ? "video/quicktime" : "video/mp4";
}

/** WebM is the Matroska whose header names the document type so: element 0x4282, a length, and the name. */
function matroska(text: string): string | undefined {
	if (!text.startsWith("\x1a\x45\xdf\xa3")) return undefined;
	const at = text.indexOf("\x42\x82");
	return at > 0 && text.startsWith("webm", at + 3) ? "video/webm" : "video/x-matroska";
}

/** A frame of MPEG audio or AAC (ADTS): twelve bits set, then fields of which some values do not exist. */
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

/** Text in UTF-8 without control characters, and JSON by its beginning: by all of it when that is there. */
function plain(head: Uint8Array, whole: boolean): string | undefined {
	if (head.byteLength === 0) return undefined;
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: !whole });
	} catch {
		return undefined;
	}
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells text from other bytes
	if (/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(text)) return undefined;
	return isJson(text, whole) ? "application/json" : "text/plain";
}

function isJson(text: string, whole: boolean): boolean {
	if (!whole) return /^\s*(?:\{\s*["}]|\[\s*(?:["[{\]\d-]|true|false|null))/.test(text);
	if (!/^\s*[[{]/.test(text)) return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
