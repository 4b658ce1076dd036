import type * as tts from "../../../generated/ir/tts.ts";

/** A recording that was written. */
export interface SpokenFile {
	readonly file: string;
	/** Length of the file, in bytes. */
	readonly bytes: number;
	readonly response: tts.Response;
	/** Name of the backend that spoke. */
	readonly backend: string | undefined;
	/** Duration of the command from the text to the complete file, in milliseconds. */
	readonly ms: number;
}

/** Returns a line on a recording: file, length, form, and the backend with its time. */
export function describeSpeech({ file, bytes, response, backend = "a backend", ms }: SpokenFile): string {
	const { duration_ms, sample_rate, mime_type } = response;
	const length = duration_ms === undefined ? [] : [`${(duration_ms / 1000).toFixed(1)} s`];
	const rate = sample_rate === undefined ? "" : `, ${sample_rate} Hz`;
	const place = file === "-" ? "standard output" : file;
	return `${place}  ${[...length, size(bytes), `${mime_type}${rate}`].join(", ")}  spoken by ${backend} in ${(ms / 1000).toFixed(1)} s\n`;
}

/** Returns a number of bytes as text. */
export function size(bytes: number): string {
	return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
