import { SpearError } from "../errors/spear-error.ts";
import type { Microphone } from "../hostcall/core/mic/microphone.ts";
import { inputChunks } from "./read-input.ts";
import { sessionAudio } from "./transcribe/live/session-audio.ts";
import { recordingName } from "./transcribe/open-recording.ts";

/** Sound for the microphone of a guest. */
export interface OpenMicrophone {
	readonly microphone: Microphone;
	/** Stops reading. */
	close(): Promise<void>;
}

/**
 * Opens a recording as the microphone of a guest. The first sound is read at once, so that a recording without sound is known before the run.
 *
 * @param path Path of a WAV file; `-` for 16-bit mono sound at 24 kHz from standard input.
 * @throws SpearError `invalid_request` for a recording that cannot be read; the reason of `signal` once that is aborted.
 */
export async function openMicrophone(path: string, signal: AbortSignal): Promise<OpenMicrophone> {
	const ended = new AbortController();
	const until = AbortSignal.any([signal, ended.signal]);
	const audio = path === "-" ? inputChunks(until) : sessionAudio(path, until, "--mic");
	const first = await audio.next();
	if (first.done) throw new SpearError("invalid_request", `${recordingName(path)} has no samples; give a recording`);
	return {
		microphone: joined(first.value, audio),
		async close() {
			ended.abort();
			await audio.return().catch(() => {});
		},
	};
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
	yield first;
	yield* rest;
}
