/** The error for a recording that cannot be read. The message is a clause about the recording, such as `it is MP3`. */
export class AudioFormatError extends Error {
	override readonly name = "AudioFormatError";
	/** File extension of the format, such as `mp3`. Absent if the recording is WAV, or is of no known format. */
	readonly extension: string | undefined;

	constructor(message: string, extension?: string) {
		super(message);
		this.extension = extension;
	}
}
