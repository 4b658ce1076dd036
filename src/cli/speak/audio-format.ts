import { extname } from "node:path";
import type * as tts from "../../../generated/ir/tts.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Formats by the extensions of files. */
const EXTENSIONS: Readonly<Record<string, tts.AudioFormat>> = {
	".wav": "wav",
	".mp3": "mp3",
	".pcm": "pcm",
	".raw": "pcm",
	".opus": "opus",
	".ogg": "opus",
	".flac": "flac",
	".aac": "aac",
};

/** All formats, for `--format`. */
export const AUDIO_FORMATS = ["wav", "mp3", "pcm", "opus", "flac", "aac"] as const satisfies readonly tts.AudioFormat[];

/**
 * Returns the format of a file: `--format`, else by the extension of its name. Standard output and devices without an extension are WAV.
 *
 * @throws SpearError `invalid_request` for an extension that names no format.
 */
export function audioFormat(path: string, format: tts.AudioFormat | undefined): tts.AudioFormat {
	if (format !== undefined) return format;
	const extension = extname(path).toLowerCase();
	if (path === "-" || path.startsWith("/dev/")) return "wav";
	const known = EXTENSIONS[extension];
	if (known !== undefined) return known;
	const fault = extension === "" ? "the name has no extension that names a format" : `the extension ${extension} names no format`;
	throw new SpearError("invalid_request", `--out ${path}: ${fault}; use ${Object.keys(EXTENSIONS).join(", ")}, or say --format`);
}
