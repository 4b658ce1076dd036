import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Bytes of a request as an upstream takes them; `path` names the reference in errors. */
export interface InlineBytes {
	readonly mimeType: string;
	readonly base64: string;
}

/** A `data:` URL with the bytes, or the URL that normalisation let through. */
export function urlOf(source: types.MediaRef, path: string): string {
	if (source.type === "url") return source.url;
	const { mimeType, base64 } = inlineOf(source, path);
	return `data:${mimeType};base64,${base64}`;
}

/**
 * The bytes.
 *
 * @throws SpearError `missing_capabilities` for a URL, `invalid_request` for a stored reference or a media type that is none.
 */
export function inlineOf(source: types.MediaRef, path: string): InlineBytes {
	if (source.type === "url") throw new SpearError("missing_capabilities", `${path}: this backend takes no URL here; send the bytes inline`);
	if (source.type === "stored")
		throw new SpearError("invalid_request", `${path}: stored media cannot be sent to this backend yet; send the bytes inline`);
	const { data, mime_type } = source.inline;
	if (!/^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/i.test(mime_type))
		throw new SpearError("invalid_request", `${path}.inline.mime_type: "${mime_type}" is not a media type such as image/png`);
	return { mimeType: mime_type, base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}
