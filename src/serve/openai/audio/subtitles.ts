import type * as asr from "../../../../generated/ir/asr.ts";

/** Returns segments as SubRip subtitles. */
export function srtOf(segments: readonly asr.Segment[]): string {
	return segments
		.map(({ start, end, text }, index) => `${index + 1}\n${timeOf(start, ",")} --> ${timeOf(end, ",")}\n${lineOf(text)}\n\n`)
		.join("");
}

/**
 * Returns segments as WebVTT. The characters that begin a tag or a reference are escaped.
 *
 * @see https://www.w3.org/TR/webvtt1/#webvtt-cue-text
 */
export function vttOf(segments: readonly asr.Segment[]): string {
	const cues = segments.map(({ start, end, text }) => {
		const escaped = lineOf(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
		return `${timeOf(start, ".")} --> ${timeOf(end, ".")}\n${escaped}\n\n`;
	});
	return `WEBVTT\n\n${cues.join("")}`;
}

/** Returns a text without empty lines, which would end the subtitle. */
function lineOf(text: string): string {
	return text
		.split(/[\r\n]/)
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join("\n");
}

/** Returns a time as hours, minutes, seconds and milliseconds. */
function timeOf(seconds: number, point: string): string {
	const ms = Math.max(0, Math.round(seconds * 1000));
	const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
	const rest = String(ms % 1000).padStart(3, "0");
	return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${rest}`;
}
