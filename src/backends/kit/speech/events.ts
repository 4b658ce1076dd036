import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { WavMeter } from "../../../formats/wav.ts";
import { Recording } from "./recording.ts";

/** The media type of each format. */
export const SPEECH_TYPES: Readonly<Record<tts.AudioFormat, string>> = {
	wav: "audio/wav",
	mp3: "audio/mpeg",
	pcm: "audio/pcm",
	opus: "audio/ogg",
	flac: "audio/flac",
	aac: "audio/aac",
};

/** Audio as an upstream makes it. */
export interface Speech {
	readonly pieces: AsyncIterable<Uint8Array>;
	readonly mimeType: string;
	/** Samples a second of bare 16-bit mono samples, for a media type whose bytes do not say. */
	readonly pcmRate?: number | undefined;
}

/** The events of a text that is spoken: its audio as it comes, which goes to the store too, and last the finished recording. */
export async function* speechEvents(speech: Speech, { media, signal }: BackendContext): AsyncGenerator<tts.Event, void, void> {
	const recording = new Recording(speech.pieces, (content) => media.store(content, speech.mimeType, signal));
	const wav = new WavMeter();
	let bytes = 0;
	for await (const audio of recording) {
		bytes += audio.byteLength;
		wav.add(audio);
		yield { type: "audio", audio };
	}
	const { pcmRate } = speech;
	const facts = pcmRate === undefined ? wav.facts() : { sampleRate: pcmRate, seconds: Math.floor(bytes / 2) / pcmRate };
	yield {
		type: "completed",
		completed: {
			audio: recording.stored.reference,
			mime_type: recording.stored.mimeType,
			...(facts === undefined ? {} : { sample_rate: facts.sampleRate, duration_ms: Math.round(facts.seconds * 1000) }),
		},
	};
}

/** The finished recording alone. */
export async function spoken(events: AsyncIterable<tts.Event>): Promise<tts.Response> {
	for await (const event of events) if (event.type === "completed") return event.completed;
	throw new SpearError("internal", "the speech ended without a recording");
}
