/**
 * `spear-hostcall/guest/media`: bytes for requests and from answers. Requires a world with `media`, as all but the embeddings' are.
 */
import type { ContentPart, ImagePart } from "spear:ai/cchat@0.1.0";
import { get, type MediaInfo, put as putBytes, Reader } from "spear:ai/media@0.1.0";
import type { MediaRef } from "spear:ai/types@0.1.0";
import { hostcall } from "./errors.ts";

/** First bytes of each media type. A `?` stands for any byte. */
const SIGNATURES: readonly (readonly [string, string])[] = [
	["image/png", "\x89PNG\r\n\x1a\n"],
	["image/jpeg", "\xff\xd8\xff"],
	["image/gif", "GIF8"],
	["image/webp", "RIFF????WEBP"],
	["audio/wav", "RIFF????WAVE"],
	["audio/mpeg", "ID3"],
	["audio/mpeg", "\xff\xfb"],
	["audio/flac", "fLaC"],
	["audio/ogg", "OggS"],
	["video/mp4", "????ftyp"],
	["application/pdf", "%PDF-"],
];

/** Returns the media type that the first bytes show, or `undefined`. */
export function sniff(bytes: Uint8Array): string | undefined {
	return SIGNATURES.find(([, signature]) => [...signature].every((mark, at) => mark === "?" || bytes[at] === mark.charCodeAt(0)))?.[0];
}

/**
 * Stores bytes in the host, and returns their metadata with the reference for requests.
 *
 * @param mimeType The default is the type that the host finds in the first bytes.
 * @throws HostcallError `not-permitted` if the media quota is used up, `invalid-request` for bytes above the host's limit.
 */
export function put(bytes: Uint8Array, mimeType?: string): MediaInfo {
	return hostcall(() => putBytes(bytes, mimeType));
}

/**
 * Returns the bytes of an image, a recording or any other object of the host.
 *
 * @throws HostcallError `not-permitted` for an object that has expired or belongs to another guest.
 */
export function bytesOf(reference: MediaRef): Uint8Array {
	return reference.tag === "inline" ? reference.val.data : hostcall(() => get(reference));
}

/**
 * Yields the bytes of an object in parts, for objects above the host's limit for one call.
 *
 * @param size Largest part, in bytes. The default is 64 KiB.
 * @throws HostcallError as `bytesOf`.
 */
export function* chunksOf(reference: MediaRef, size = 65_536): Generator<Uint8Array, void, undefined> {
	const reader = hostcall(() => Reader.open(reference));
	try {
		for (;;) {
			const bytes = hostcall(() => reader.read(size));
			if (bytes === null || bytes === undefined) return;
			yield bytes;
		}
	} finally {
		reader[Symbol.dispose]();
	}
}

/** Returns a part of a message with an image: `clerk.ask([{ tag: "text", val: "What is this?" }, image(bytes)])`. */
export function image(source: Uint8Array | MediaRef, detail?: ImagePart["detail"]): ContentPart {
	return { tag: "image", val: { source: referenceOf(source), detail } };
}

/** Returns a part of a message with a recording. */
export function audio(source: Uint8Array | MediaRef, format?: string): ContentPart {
	return { tag: "audio", val: { source: referenceOf(source), format } };
}

/** Returns a part of a message with a document. */
export function file(source: Uint8Array | MediaRef, filename?: string): ContentPart {
	return { tag: "file", val: { source: referenceOf(source), filename } };
}

/** Returns a reference that carries its bytes. */
export function inline(data: Uint8Array, mimeType: string = sniff(data) ?? "application/octet-stream"): MediaRef {
	return { tag: "inline", val: { data, mimeType } };
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Returns bytes as a `data:` URL, for a page or a JSON answer. */
export function toDataUrl(bytes: Uint8Array, mimeType: string = sniff(bytes) ?? "application/octet-stream"): string {
	let text = "";
	for (let at = 0; at < bytes.length; at += 3) {
		const [a = 0, b, c] = bytes.subarray(at, at + 3);
		const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
		text += DIGITS.charAt(bits >> 18) + DIGITS.charAt((bits >> 12) & 63);
		text += (b === undefined ? "=" : DIGITS.charAt((bits >> 6) & 63)) + (c === undefined ? "=" : DIGITS.charAt(bits & 63));
	}
	return `data:${mimeType};base64,${text}`;
}

/**
 * Returns the reference that a `data:` URL in Base64 stands for.
 *
 * @throws TypeError for any other text.
 */
export function fromDataUrl(url: string): MediaRef {
	const comma = url.indexOf(",");
	const head = url.slice(0, comma);
	if (!head.startsWith("data:") || !head.endsWith(";base64")) throw new TypeError("it must be a data: URL in Base64");
	const text = url.slice(comma + 1).replace(/=/g, "");
	const data = new Uint8Array(Math.floor((text.length * 3) / 4));
	let bits = 0;
	for (let at = 0; at < text.length; at += 1) {
		const digit = DIGITS.indexOf(text.charAt(at));
		if (digit < 0) throw new TypeError(`the data: URL has no Base64 at ${comma + 1 + at}`);
		bits = ((bits << 6) | digit) & 0xffffff;
		if (at % 4 > 0) data[Math.floor((at * 3) / 4)] = (bits >> (6 - 2 * (at % 4))) & 0xff;
	}
	return inline(data, head.slice("data:".length, -";base64".length) || "text/plain");
}

function referenceOf(source: Uint8Array | MediaRef): MediaRef {
	return source instanceof Uint8Array ? inline(source) : source;
}
