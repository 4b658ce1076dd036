import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { invalid, unsupported } from "../errors.ts";
import type { Fields } from "../fields.ts";
import { bytesOf, mediaOfDataUrl, mediaOfUrl } from "../media.ts";

const DETAILS: readonly cchat.ImageDetail[] = ["auto", "low", "high"];

/** Returns a part of a user message. */
export function userParts(part: Fields): cchat.ContentPart {
	const type = part.requiredText("type");
	const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
	if (read === undefined)
		throw unsupported(part.at("type"), `a user message has parts of type ${Object.keys(READERS).join(", ")}, not "${guestName(type)}"`);
	const content = read(part);
	part.assertNoRest();
	return content;
}

const READERS: { readonly [type: string]: (part: Fields) => cchat.ContentPart } = {
	text: (part) => ({ type: "text", text: part.requiredText("text") }),
	image_url: (part) => ({ type: "image", image: image(part) }),
	input_audio: (part) => ({ type: "audio", audio: audioPart(part.requiredFields("input_audio")) }),
	file: (part) => ({ type: "file", file: file(part.requiredFields("file")) }),
};

/** Returns an image. Some clients send the URL itself in place of an object. */
function image(part: Fields): cchat.ImagePart {
	const value = part.any("image_url");
	if (typeof value === "string") return { source: mediaOfUrl(part.requiredText("image_url"), part.at("image_url")) };
	const fields = part.requiredFields("image_url");
	const source = mediaOfUrl(fields.requiredText("url"), fields.at("url"));
	const detail = fields.oneOf("detail", DETAILS);
	fields.assertNoRest();
	return detail === undefined ? { source } : { source, detail };
}

/** A name of an encoding, which becomes part of a media type. */
const FORMAT = /^[a-z0-9][a-z0-9.+-]{0,31}$/i;

/** Media types of encodings whose type has another name. */
const AUDIO_TYPES: ReadonlyMap<string, string> = new Map([
	["mp3", "audio/mpeg"],
	["m4a", "audio/mp4"],
]);

/** Returns a recording. */
export function audioPart(fields: Fields): cchat.AudioPart {
	const data = bytesOf(fields.requiredText("data"), fields.at("data"));
	const format = fields.requiredText("format");
	fields.assertNoRest();
	if (!FORMAT.test(format)) throw invalid(fields.at("format"), "must be the name of an encoding, such as wav or mp3");
	return { source: { type: "inline", inline: { data, mime_type: AUDIO_TYPES.get(format) ?? `audio/${format}` } }, format };
}

function file(fields: Fields): cchat.FilePart {
	if (fields.any("file_id") !== undefined)
		throw unsupported(fields.at("file_id"), "this server keeps no files; send the bytes in file_data as a data URL");
	const data = fields.requiredText("file_data");
	const filename = fields.text("filename");
	fields.assertNoRest();
	const source = data.startsWith("sms+file://") ? mediaOfUrl(data, fields.at("file_data")) : mediaOfDataUrl(data, fields.at("file_data"));
	return filename === undefined ? { source } : { source, filename };
}
