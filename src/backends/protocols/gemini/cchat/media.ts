import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { inlineOf } from "../../../kit/chat/media.ts";
import { isTextType } from "../../../kit/chat/text-types.ts";
import type { InlineDataPart } from "./api.ts";

/** The API's names of media types that others name differently. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	["image/jpg", "image/jpeg"],
	["audio/wave", "audio/wav"],
	["audio/x-wav", "audio/wav"],
	["audio/vnd.wave", "audio/wav"],
	["audio/mpeg", "audio/mp3"],
	["audio/x-flac", "audio/flac"],
	["audio/x-aac", "audio/aac"],
]);

/** Media type of bytes of unknown form. */
const UNKNOWN = "application/octet-stream";

/**
 * Returns the part of an image. The API refuses formats that the model does not understand.
 *
 * @param path Names the part in errors.
 */
export function imagePart({ source }: Pick<cchat.ImagePart, "source">, path: string): InlineDataPart {
	return inlinePart(source, `${path}.source`);
}

/** Returns the part of a recording. `format` names the type of bytes of unknown form. */
export function audioPart({ source, format }: cchat.AudioPart, path: string): InlineDataPart {
	return inlinePart(source, `${path}.source`, (type) =>
		type === UNKNOWN && format !== undefined ? `audio/${format.toLowerCase()}` : type,
	);
}

/** Returns the part of a document: any kind of text as plain text, and all else as it is. */
export function filePart({ source }: Pick<cchat.FilePart, "source">, path: string): InlineDataPart {
	return inlinePart(source, `${path}.source`, (type) => (isTextType(type) && !type.startsWith("text/") ? "text/plain" : type));
}

function inlinePart(source: types.MediaRef, path: string, typeOf = (type: string): string => type): InlineDataPart {
	const { mimeType, base64 } = inlineOf(source, path);
	const type = typeOf(mimeType.toLowerCase());
	return { inlineData: { mimeType: ALIASES.get(type) ?? type, data: base64 } };
}
