import type { MediaContent } from "../../../../../generated/backends/backend.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { MultipartFile } from "../../../../transport/http/multipart.ts";

/** The extension by which the upstream knows what a file is. */
const EXTENSIONS: Readonly<Record<string, string>> = {
	"audio/aac": "aac",
	"audio/flac": "flac",
	"audio/x-flac": "flac",
	"audio/m4a": "m4a",
	"audio/x-m4a": "m4a",
	"audio/mp4": "mp4",
	"video/mp4": "mp4",
	"audio/mp3": "mp3",
	"audio/mpeg": "mp3",
	"video/mpeg": "mpeg",
	"audio/mpga": "mpga",
	"audio/ogg": "ogg",
	"audio/opus": "ogg",
	"application/ogg": "ogg",
	"audio/vnd.wave": "wav",
	"audio/wav": "wav",
	"audio/wave": "wav",
	"audio/x-wav": "wav",
	"audio/webm": "webm",
	"video/webm": "webm",
};

/**
 * A recording as a part of the request. It passes through as it is read, whatever its length.
 *
 * @throws SpearError `invalid_request` for what is no recording.
 */
export function recordingPart(recording: MediaContent): MultipartFile {
	const type = recording.mimeType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
	const extension = EXTENSIONS[type] ?? /^audio\/(?:x-)?([a-z0-9]{1,10})$/.exec(type)?.[1];
	if (extension === undefined) throw new SpearError("invalid_request", `audio: "${type}" is not the media type of a recording`);
	return {
		name: "file",
		filename: `audio.${extension}`,
		contentType: type,
		size: recording.size,
		content: () => recording.stream(),
	};
}
