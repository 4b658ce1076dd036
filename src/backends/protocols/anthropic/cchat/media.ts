import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { inlineOf } from "../../../kit/chat/media.ts";
import { isTextType } from "../../../kit/chat/text-types.ts";
import type { DocumentBlock, ImageBlock } from "./api.ts";

/** Media types of images that the API accepts. The second form of JPEG is a common mistake. */
const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
	["image/jpeg", "image/jpeg"],
	["image/jpg", "image/jpeg"],
	["image/png", "image/png"],
	["image/gif", "image/gif"],
	["image/webp", "image/webp"],
]);

/**
 * Returns the block of an image. `path` names the part in errors.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/vision
 */
export function imageBlock({ source }: cchat.ImagePart, path: string): ImageBlock {
	if (source.type === "url") return { type: "image", source: { type: "url", url: source.url } };
	const { mimeType, base64 } = inlineOf(source, `${path}.source`);
	const media_type = IMAGE_TYPES.get(mimeType.toLowerCase());
	if (media_type === undefined)
		throw wrong(`${path}.source`, `its media type is "${guestName(mimeType)}"; this backend accepts JPEG, PNG, GIF and WebP`);
	return { type: "image", source: { type: "base64", media_type, data: base64 } };
}

/**
 * Returns the block of a document: a PDF as it is, and any kind of text as plain text. `path` names the part in errors.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/pdf-support
 */
export function documentBlock({ source, filename }: cchat.FilePart, path: string): DocumentBlock {
	const { mimeType, base64 } = inlineOf(source, `${path}.source`);
	const title = filename === undefined ? {} : { title: filename };
	const type = mimeType.toLowerCase();
	if (type === "application/pdf")
		return { type: "document", source: { type: "base64", media_type: "application/pdf", data: base64 }, ...title };
	if (!isTextType(type)) throw wrong(`${path}.source`, `its media type is "${guestName(mimeType)}"; this backend accepts PDF and text`);
	try {
		const data = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"));
		return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
	} catch {
		throw wrong(`${path}.source`, "it is not text in UTF-8");
	}
}

function wrong(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
