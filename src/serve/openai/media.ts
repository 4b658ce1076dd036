import type { MediaRef } from "../../../generated/ir/types.ts";
import { isMediaType } from "../../formats/media-type.ts";
import { invalid } from "./errors.ts";

const STORED = "sms+file://";

/** Letters of base64 in either alphabet. Line breaks are skipped: some encoders write them. */
const LETTERS = /^[A-Za-z0-9+/_\-\s]*$/;

const PADDING = /^[=\s]*$/;

/**
 * Returns the media of a URL: the bytes of a `data:` URL, a reference to a stored object, or the URL itself. The host follows URLs only to
 * hosts that its configuration allows.
 *
 * @param path Names the URL in errors.
 */
export function mediaOfUrl(url: string, path: string): MediaRef {
	if (/^data:/i.test(url)) return mediaOfDataUrl(url, path);
	return url.startsWith(STORED) ? { type: "stored", stored: url } : { type: "url", url };
}

/** Returns the bytes of a `data:` URL in base64. */
export function mediaOfDataUrl(url: string, path: string): MediaRef {
	const comma = url.indexOf(",");
	const [mimeType = "", ...parameters] = comma < 0 || comma > 1000 ? [] : url.slice("data:".length, comma).split(";");
	if (parameters.at(-1)?.trim().toLowerCase() !== "base64")
		throw invalid(path, "must be a data URL in base64, such as data:image/png;base64,…");
	if (!isMediaType(mimeType)) throw invalid(path, "must name its media type, such as data:image/png;base64,…");
	return { type: "inline", inline: { data: bytesOf(url.slice(comma + 1), path), mime_type: mimeType } };
}

/** Returns the bytes of base64 text. */
export function bytesOf(base64: string, path: string): Uint8Array {
	const end = base64.indexOf("=");
	const letters = end === -1 ? base64 : base64.slice(0, end);
	if (!LETTERS.test(letters) || !PADDING.test(base64.slice(letters.length))) throw invalid(path, "must be base64");
	return new Uint8Array(Buffer.from(base64, "base64"));
}
