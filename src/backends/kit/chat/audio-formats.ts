/** Formats of audio in requests, by media type without `x-`. OpenAI chose the names, and other vendors follow. */
export const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
	["audio/wav", "wav"],
	["audio/wave", "wav"],
	["audio/vnd.wave", "wav"],
	["audio/mpeg", "mp3"],
	["audio/mp3", "mp3"],
	["audio/flac", "flac"],
	["audio/ogg", "ogg"],
	["audio/aac", "aac"],
	["audio/mp4", "m4a"],
	["audio/webm", "webm"],
]);

/** Returns the format of a media type, or `undefined` for another one. */
export function audioFormatOf(mimeType: string, formats = AUDIO_FORMATS): string | undefined {
	return formats.get(mimeType.toLowerCase().replace("/x-", "/"));
}
