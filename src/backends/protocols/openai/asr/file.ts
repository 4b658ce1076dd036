import type { MediaContent } from "../../../../../generated/backends/backend.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { essenceOf } from "../../../../formats/media-type.ts";
import type { MultipartFile } from "../../../../transport/http/multipart.ts";

/** File extensions by media type. The upstream derives the format from the extension. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	["audio/aac", "aac"],
	["audio/flac", "flac"],
	["audio/x-flac", "flac"],
	["audio/m4a", "m4a"],
	["audio/x-m4a", "m4a"],
	["audio/mp4", "mp4"],
	["video/mp4", "mp4"],
	["audio/mp3", "mp3"],
	["audio/mpeg", "mp3"],
	["video/mpeg", "mpeg"],
	["audio/mpga", "mpga"],
	["audio/ogg", "ogg"],
	["audio/opus", "ogg"],
	["application/ogg", "ogg"],
	["audio/vnd.wave", "wav"],
	["audio/wav", "wav"],
	["audio/wave", "wav"],
	["audio/x-wav", "wav"],
	["audio/webm", "webm"],
	["video/webm", "webm"],
]);

/**
 * Returns a recording as a part of the request, sent while it is read.
 *
 * @throws SpearError `invalid_request` for a media type other than audio and video.
 */
export function recordingPart(recording: MediaContent): MultipartFile {
	const type = essenceOf(recording.mimeType);
	const extension = EXTENSIONS.get(type) ?? /^audio\/(?:x-)?([a-z0-9]{1,10})$/.exec(type)?.[1];
	if (extension === undefined) throw new SpearError("invalid_request", `audio: "${guestName(type)}" is not the media type of a recording`);
	return {
		name: "file",
		filename: `audio.${extension}`,
		contentType: type,
		size: recording.size,
		content: () => recording.stream(),
	};
}
