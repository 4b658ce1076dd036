import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { WavMeter } from "../../../formats/wav.ts";
import { Recording } from "./recording.ts";

/** Media type of each format. */
export const SPEECH_TYPES: Readonly<Record<tts.AudioFormat, string>> = {
	wav: "audio/wav",
	mp3: "audio/mpeg",
	pcm: "audio/pcm",
	opus: "audio/ogg",
	flac: "audio/flac",
	aac: "audio/aac",
};

/** Audio from an upstream. */
export interface Speech {
	readonly chunks: AsyncIterable<Uint8Array>;
	readonly mimeType: string;
	/** Sample rate of bare 16-bit mono samples, in Hz. Absent for formats that state their rate. */
	readonly pcmRate?: number | undefined;
	/** Returns the usage. Called after the last chunk. Absent: the upstream reports none. */
	readonly usage?: () => types.Usage | undefined;
	/** Differences from the request. The default is none. */
	readonly downgrades?: readonly types.Downgrade[];
}

/** Yields the audio as it arrives, and last the completed recording. Stores the audio at the same time. */
export async function* speechEvents(speech: Speech, { media, signal }: BackendContext): AsyncGenerator<tts.Event, void, void> {
	const recording = new Recording(speech.chunks, (content) => media.store(content, speech.mimeType, signal));
	const wav = new WavMeter();
	let bytes = 0;
	for await (const audio of recording) {
		bytes += audio.byteLength;
		wav.add(audio);
		yield { type: "audio", audio };
	}
	const { pcmRate, downgrades = [] } = speech;
	const facts = pcmRate === undefined ? wav.facts() : { sampleRate: pcmRate, seconds: Math.floor(bytes / 2) / pcmRate };
	const usage = speech.usage?.();
	yield {
		type: "completed",
		completed: {
			audio: recording.stored.reference,
			mime_type: recording.stored.mimeType,
			...(facts === undefined ? {} : { sample_rate: facts.sampleRate, duration_ms: Math.round(facts.seconds * 1000) }),
			...(usage === undefined ? {} : { usage }),
			...(downgrades.length === 0 ? {} : { downgrades: [...downgrades] }),
		},
	};
}

/** Returns the completed recording of {@link speechEvents}. */
export async function completedSpeech(events: AsyncIterable<tts.Event>): Promise<tts.Response> {
	for await (const event of events) if (event.type === "completed") return event.completed;
	throw new SpearError("internal", "the speech ended without a recording");
}
