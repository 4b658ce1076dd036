import { SpearError } from "../../../errors/spear-error.ts";
import { AudioFormatError } from "../../../formats/audio-format-error.ts";
import { pcm16Of } from "../../../formats/pcm16.ts";
import { Resampler } from "../../../formats/resampler.ts";
import { WavReader } from "../../../formats/wav-reader.ts";
import { recordingChunks, recordingName } from "../open-recording.ts";

/** Sample rate of the format `pcm16` of a session, in Hz. */
const SESSION_RATE = 24_000;

/** Bytes of one second of the format `pcm16` of a session. */
export const BYTES_PER_S = SESSION_RATE * 2;

/**
 * Yields a WAV file of any form as audio of a session: 16-bit mono samples at 24 kHz. Holds a part of the file only.
 *
 * @param path Path of the file, or `-` for standard input.
 * @param option Name of the command line's option, for messages.
 * @throws SpearError `invalid_request` for a file that cannot be read or is not WAV; the reason of `signal` once that is aborted.
 */
export async function* sessionAudio(path: string, signal: AbortSignal, option = "--live"): AsyncGenerator<Uint8Array, void, void> {
	const reader = new WavReader();
	let resampler: Resampler | undefined;
	const resampled = (samples: Float32Array): Uint8Array => {
		if (reader.format === undefined) return new Uint8Array(0);
		resampler ??= new Resampler(reader.format.sampleRate, SESSION_RATE);
		return pcm16Of(resampler.add(samples));
	};
	try {
		for await (const chunk of recordingChunks(path, signal)) {
			const audio = resampled(reader.add(chunk));
			if (audio.byteLength > 0) yield audio;
		}
		reader.end();
	} catch (cause) {
		throw cause instanceof AudioFormatError ? unreadable(path, option, cause) : cause;
	}
	const rest = resampler?.end();
	if (rest !== undefined && rest.length > 0) yield pcm16Of(rest);
}

function unreadable(path: string, option: string, cause: AudioFormatError): SpearError {
	const { extension } = cause;
	const remedy =
		extension === undefined
			? `${option} reads WAV files`
			: `${option} reads WAV; convert the recording first, e.g. ffmpeg -i recording.${extension} recording.wav`;
	return new SpearError("invalid_request", `${recordingName(path)}: ${cause.message}; ${remedy}`, { cause });
}
