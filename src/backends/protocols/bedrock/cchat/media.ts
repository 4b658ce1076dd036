import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { AUDIO_FORMATS, audioFormatOf } from "../../../kit/chat/audio-formats.ts";
import { inlineOf } from "../../../kit/chat/media.ts";
import { isTextType } from "../../../kit/chat/text-types.ts";
import type { Block } from "./api.ts";
import type { DocumentNames } from "./document-names.ts";

/** The API's names of formats, by media type. */
type Formats = ReadonlyMap<string, string>;

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html */
const IMAGES: Formats = new Map([
	["image/png", "png"],
	["image/jpeg", "jpeg"],
	["image/jpg", "jpeg"],
	["image/gif", "gif"],
	["image/webp", "webp"],
]);

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
const DOCUMENTS: Formats = new Map([
	["application/pdf", "pdf"],
	["text/csv", "csv"],
	["text/html", "html"],
	["text/markdown", "md"],
	["application/msword", "doc"],
	["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
	["application/vnd.ms-excel", "xls"],
	["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
]);

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_AudioBlock.html */
const AUDIO: Formats = new Map([...AUDIO_FORMATS, ["audio/opus", "opus"], ["audio/m4a", "m4a"]]);

/** Returns the block of an image. `path` names the part in errors. */
export function imageBlock({ source }: cchat.ImagePart, path: string): Block {
	return { image: mediaOf(source, `${path}.source`, (type) => IMAGES.get(type), "PNG, JPEG, GIF and WebP") };
}

/** Returns the block of a recording. */
export function audioBlock({ source, format }: cchat.AudioPart, path: string): Block {
	const audio = mediaOf(source, `${path}.source`, (type) => format ?? audioFormatOf(type, AUDIO), "WAV, MP3, FLAC, Ogg and others");
	return { audio };
}

/** Returns the block of a document. Text of any type that the API does not know is plain text. */
export function documentBlock({ source, filename }: cchat.FilePart, path: string, names: DocumentNames): Block {
	const formatOf = (type: string) => DOCUMENTS.get(type) ?? (isTextType(type) ? "txt" : undefined);
	return { document: { ...mediaOf(source, `${path}.source`, formatOf, "PDF, Word, Excel and text"), name: names.claim(filename) } };
}

function mediaOf(source: types.MediaRef, path: string, formatOf: (type: string) => string | undefined, accepted: string) {
	const { mimeType, base64 } = inlineOf(source, path);
	const format = formatOf(mimeType.toLowerCase());
	if (format === undefined)
		throw new SpearError("invalid_request", `${path}: its media type is "${guestName(mimeType)}"; this backend accepts ${accepted}`);
	return { format, source: { bytes: base64 } };
}
